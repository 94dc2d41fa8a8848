using 'main.bicep'

param name = 'basgd'
param gpuNodesAtMost = 4
param gpuSpot = true
