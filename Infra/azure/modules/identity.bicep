// The identity of server silos: whoever holds a token of the service account basgd-server of this cluster.

@description('Name of the identity.')
@minLength(4)
@maxLength(100)
param name string

@description('Region.')
@minLength(4)
param location string

@description('Issuer of the tokens of the cluster\'s service accounts.')
@minLength(8)
param issuer string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

resource silos 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = {
  parent: identity
  name: 'basgd-server'
  properties: {
    issuer: issuer
    subject: 'system:serviceaccount:basgd:basgd-server'
    audiences: ['api://AzureADTokenExchange']
  }
}

@description('Client id.')
output clientId string = identity.properties.clientId

@description('Object id, which roles are given to.')
output principalId string = identity.properties.principalId
