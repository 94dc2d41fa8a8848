// What Basgd runs on in Azure: a cluster with a pool of GPU nodes, a registry, a storage account that only the silos' identity
// reaches, a cache for membership, and a place for logs and metrics. Deploy into a resource group of its own:
//   az deployment group create -g basgd -f main.bicep -p main.bicepparam
targetScope = 'resourceGroup'

@description('Begins the name of everything; lower-case letters and digits.')
@minLength(3)
@maxLength(10)
param name string = 'basgd'

@description('Where everything is; take a region that has the GPU size.')
@minLength(4)
param location string = resourceGroup().location

@description('Kubernetes version, major and minor.')
@minLength(4)
@maxLength(5)
param kubernetesVersion string = '1.33'

@description('Size of the nodes that server silos run on.')
@minLength(8)
param serverVmSize string = 'Standard_D4s_v5'

@description('Nodes for server silos; three put one into each zone.')
@minValue(1)
@maxValue(20)
param serverNodes int = 3

@description('Size of the nodes that worker silos run on: one NVIDIA GPU each.')
@minLength(8)
param gpuVmSize string = 'Standard_NC4as_T4_v3'

@description('Maximum number of GPU nodes, and so of worker silos; there are none while no job runs.')
@minValue(1)
@maxValue(100)
param maxGpuNodes int = 4

@description('Whether GPU nodes may be taken away at any time for a fraction of the price. A worker that goes costs its gradient, no more.')
param gpuSpot bool = true

@description('Addresses that may reach the cluster\'s API server, as CIDR; none leaves it to Microsoft Entra alone.')
@maxLength(200)
param apiServerAuthorizedRanges string[] = []

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('Size of the cache, in units of Azure Managed Redis; membership needs next to nothing.')
@allowed(['Balanced_B0', 'Balanced_B1', 'Balanced_B3', 'Balanced_B5'])
param cacheSku string = 'Balanced_B0'

var unique = '${name}${uniqueString(resourceGroup().id)}'

module logs 'modules/logs.bicep' = {
  name: 'logs'
  params: {
    name: unique
    location: location
    days: logDays
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  params: {
    name: unique
    location: location
  }
}

module cluster 'modules/cluster.bicep' = {
  name: 'cluster'
  params: {
    name: unique
    location: location
    kubernetesVersion: kubernetesVersion
    serverVmSize: serverVmSize
    serverNodes: serverNodes
    gpuVmSize: gpuVmSize
    maxGpuNodes: maxGpuNodes
    gpuSpot: gpuSpot
    apiServerAuthorizedRanges: apiServerAuthorizedRanges
    registryName: unique
    workspaceId: logs.outputs.workspaceId
  }
  dependsOn: [registry]
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: unique
    location: location
    issuer: cluster.outputs.issuer
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: unique
    location: location
    principalId: identity.outputs.principalId
    workspaceId: logs.outputs.workspaceId
  }
}

module cache 'modules/cache.bicep' = {
  name: 'cache'
  params: {
    name: unique
    location: location
    sku: cacheSku
  }
}

@description('Name of the cluster, for az aks get-credentials.')
output cluster string = cluster.outputs.name

@description('Where the images go: LOGIN-SERVER/basgd-silo.')
output registry string = registry.outputs.loginServer

@description('Basgd__Storage__AzureBlob__ServiceUri.')
output storage string = storage.outputs.serviceUri

@description('Client id of the identity of server silos, for the annotation of their ServiceAccount.')
output identity string = identity.outputs.clientId

@description('Name of the cache; its key is read from it, never put out: az redisenterprise database list-keys.')
output cache string = cache.outputs.name

@description('Host and port of the cache, which takes TLS only.')
output cacheAddress string = cache.outputs.address

@description('Maximum number of worker silos, one a GPU node: maxReplicaCount of the overlay.')
output maxWorkers int = maxGpuNodes

@description('Name of the Application Insights resource that takes OpenTelemetry.')
output insights string = logs.outputs.insightsName
