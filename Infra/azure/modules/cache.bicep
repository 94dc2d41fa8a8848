// Where silos register: a few kilobytes that every silo reads and writes once in some seconds. A cluster whose cache is lost
// registers anew; nothing that is trained is kept here.

@description('Name; unique in all of Azure.')
@minLength(4)
@maxLength(60)
param name string

@description('Region.')
@minLength(4)
param location string

@description('Size of the cache.')
@minLength(4)
param sku string

resource cache 'Microsoft.Cache/redisEnterprise@2024-10-01' = {
  name: name
  location: location
  sku: {
    name: sku
  }
  properties: {
    minimumTlsVersion: '1.2'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2024-10-01' = {
  parent: cache
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    clusteringPolicy: 'EnterpriseCluster'
    evictionPolicy: 'NoEviction'
    port: 10000
  }
}

@description('Name of the cache.')
output name string = cache.name

@description('Host and port.')
output address string = '${cache.properties.hostName}:${database.properties.port}'
