using 'main.bicep'

param name = 'basgd'
param maxGpuNodes = 4
param gpuSpot = true
