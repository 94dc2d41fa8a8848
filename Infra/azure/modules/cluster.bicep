// The cluster: nodes for server silos in three zones, a pool of GPU nodes that is empty while nothing trains, workload identity,
// network policies, and container logs in the workspace.

@description('Name of the cluster.')
@minLength(4)
@maxLength(40)
param name string

@description('Region.')
@minLength(4)
param location string

@description('Kubernetes version, major and minor.')
@minLength(4)
@maxLength(5)
param kubernetesVersion string

@description('Size of the nodes that server silos run on.')
@minLength(8)
param serverVmSize string

@description('Nodes for server silos.')
@minValue(1)
@maxValue(20)
param serverNodes int

@description('Size of the nodes that worker silos run on.')
@minLength(8)
param gpuVmSize string

@description('Maximum number of GPU nodes.')
@minValue(1)
@maxValue(100)
param maxGpuNodes int

@description('Whether GPU nodes may be taken away at any time.')
param gpuSpot bool

@description('Addresses that may reach the API server, as CIDR.')
@maxLength(200)
param apiServerAuthorizedRanges string[]

@description('Registry that nodes pull from.')
@minLength(5)
@maxLength(50)
param registryName string

@description('Workspace that container logs go to.')
@minLength(20)
param workspaceId string

var acrPull = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')

resource cluster 'Microsoft.ContainerService/managedClusters@2024-09-01' = {
  name: name
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  sku: {
    name: 'Base'
    tier: 'Standard'
  }
  properties: {
    dnsPrefix: name
    kubernetesVersion: kubernetesVersion
    enableRBAC: true
    disableLocalAccounts: true
    aadProfile: {
      managed: true
      enableAzureRBAC: true
    }
    apiServerAccessProfile: {
      authorizedIPRanges: apiServerAuthorizedRanges
    }
    autoUpgradeProfile: {
      upgradeChannel: 'patch'
      nodeOSUpgradeChannel: 'NodeImage'
    }
    oidcIssuerProfile: {
      enabled: true
    }
    securityProfile: {
      workloadIdentity: {
        enabled: true
      }
    }
    // Scales worker silos by what jobs want: the ScaledObject of Infra/kubernetes.
    workloadAutoScalerProfile: {
      keda: {
        enabled: true
      }
    }
    networkProfile: {
      networkPlugin: 'azure'
      networkPluginMode: 'overlay'
      networkDataplane: 'cilium'
      networkPolicy: 'cilium'
    }
    addonProfiles: {
      omsagent: {
        enabled: true
        config: {
          logAnalyticsWorkspaceResourceID: workspaceId
          useAADAuth: 'true'
        }
      }
    }
    agentPoolProfiles: [
      {
        name: 'servers'
        mode: 'System'
        vmSize: serverVmSize
        count: serverNodes
        osType: 'Linux'
        osSKU: 'AzureLinux'
        availabilityZones: ['1', '2', '3']
        upgradeSettings: {
          maxSurge: '1'
        }
      }
    ]
  }
}

resource gpu 'Microsoft.ContainerService/managedClusters/agentPools@2024-09-01' = {
  parent: cluster
  name: 'gpu'
  properties: {
    mode: 'User'
    vmSize: gpuVmSize
    osType: 'Linux'
    count: 0
    enableAutoScaling: true
    minCount: 0
    maxCount: maxGpuNodes
    scaleSetPriority: gpuSpot ? 'Spot' : 'Regular'
    scaleSetEvictionPolicy: gpuSpot ? 'Delete' : null
    spotMaxPrice: gpuSpot ? json('-1') : null
    nodeLabels: {
      'nvidia.com/gpu.present': 'true'
    }
    nodeTaints: union(
      ['nvidia.com/gpu=present:NoSchedule'],
      gpuSpot ? ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule'] : []
    )
  }
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, cluster.id, acrPull)
  properties: {
    roleDefinitionId: acrPull
    principalId: cluster.properties.identityProfile.kubeletidentity.objectId
    principalType: 'ServicePrincipal'
  }
}

@description('Name of the cluster.')
output name string = cluster.name

@description('Issuer of the tokens of its service accounts.')
output issuer string = cluster.properties.oidcIssuerProfile.issuerURL
