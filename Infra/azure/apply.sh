#!/usr/bin/env bash
# Brings Basgd into the cluster that main.bicep made: the connection to the cache and, where there are none yet, tokens as Secrets,
# then the overlay with the names that the deployment put out. May be repeated. Needs az, logged in, kubectl and openssl.
#   Infra/azure/apply.sh RESOURCE-GROUP [IMAGE-TAG]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 1 ] || { echo "usage: Infra/azure/apply.sh RESOURCE-GROUP [IMAGE-TAG]" >&2; exit 2; }
group=$1 tag=${2:-latest}

output() { az deployment group show -g "$group" -n main --query "properties.outputs.$1.value" -o tsv; }
cluster=$(output cluster) registry=$(output registry) storage=$(output storage) identity=$(output identity) cache=$(output cache) address=$(output cacheAddress)

az aks get-credentials -g "$group" -n "$cluster" --overwrite-existing
kubectl apply -f "$here/../kubernetes/base/namespace.yaml"

# By standard input: everybody on a machine can read command lines.
key=$(az redisenterprise database list-keys -g "$group" --cluster-name "$cache" --query primaryKey -o tsv)
kubectl apply -f - <<SECRET
apiVersion: v1
kind: Secret
metadata:
  name: basgd-connections
  namespace: basgd
stringData:
  cluster: "$address,password=$key,ssl=true"
SECRET
kubectl -n basgd get secret basgd-tokens > /dev/null ||
  kubectl -n basgd create secret generic basgd-tokens --from-file=act=<(openssl rand -hex 32) --from-file=look=<(openssl rand -hex 32) --from-file=page=<(openssl rand -hex 32)

kubectl kustomize "$here/../kubernetes/overlays/azure" |
  sed -e "s|https://STORAGE-ACCOUNT.blob.core.windows.net|${storage%/}|" -e "s|REGISTRY.azurecr.io/basgd-silo:latest|$registry/basgd-silo:$tag|" \
    -e "s|00000000-0000-0000-0000-000000000000|$identity|" |
  kubectl apply -f -
kubectl -n basgd rollout status statefulset/basgd-server --timeout=5m
