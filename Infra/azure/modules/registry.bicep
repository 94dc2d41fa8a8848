// Where the images are. No admin user: the cluster pulls by its identity, people push by theirs.

@description('Name; unique in all of Azure.')
@minLength(5)
@maxLength(50)
param name string

@description('Region.')
@minLength(4)
param location string

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: name
  location: location
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
  }
}

@description('Host that images are pushed to.')
output loginServer string = registry.properties.loginServer
