// Logs and metrics: a workspace, and Application Insights over it for traces and metrics of OpenTelemetry.

@description('Name of the resources.')
@minLength(4)
@maxLength(24)
param name string

@description('Region.')
@minLength(4)
param location string

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param days int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: days
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Name of the Application Insights resource.')
output insightsName string = insights.name
