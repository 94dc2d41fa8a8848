// Where grains keep their state. There are no keys: the silos' identity reads and writes the blobs of one container.

@description('Name of the account; unique in all of Azure.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
@minLength(4)
param location string

@description('Identity of the server silos.')
@minLength(36)
@maxLength(36)
param principalId string

@description('Workspace that reads, writes and refusals are logged in.')
@minLength(20)
param workspaceId string

@description('Container of the state: Basgd:Storage:AzureBlob:Container.')
@minLength(3)
@maxLength(63)
param container string = 'grainstate'

var blobContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource states 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: container
}

resource write 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: states
  name: guid(states.id, blobContributor, name)
  properties: {
    roleDefinitionId: blobContributor
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'basgd'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

@description('Where blobs are: Basgd:Storage:AzureBlob:ServiceUri.')
output serviceUri string = account.properties.primaryEndpoints.blob
