#!/usr/bin/env bash
# Brings Basgd into the cluster that main.bicep made: the connection to the cache and, if there are none yet, tokens as Secrets,
# NVIDIA's device plugin if there is none, then the overlay with the names, the images and the number of GPU nodes of the deployment.
# Waits until servers and workers run, and says what is missing if they do not. May be repeated. Needs az, logged in, kubectl, kubelogin, openssl.
#   Infra/azure/apply.sh RESOURCE-GROUP [IMAGE-TAG]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 1 ] || { echo "usage: Infra/azure/apply.sh RESOURCE-GROUP [IMAGE-TAG]" >&2; exit 2; }
version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' "$here/../../Directory.Build.props")
group=$1 tag=${2:-$version}

fail() { printf 'apply: %s\n' "$@" >&2; exit 1; }
for tool in az kubectl kubelogin openssl; do
  command -v "$tool" > /dev/null || fail "missing: the command $tool (az aks install-cli brings kubectl and kubelogin)"
done

output() { az deployment group show -g "$group" -n main --query "properties.outputs.$1.value" -o tsv; }
cluster=$(output cluster) registry=$(output registry) storage=$(output storage) identity=$(output identity) cache=$(output cache) address=$(output cacheAddress)
workers=$(output maxWorkers)

# Pods name images by digest: what a tag means later changes nothing that runs.
digest() {
  az acr repository show -n "${registry%%.*}" --image "$1:$tag" --query digest -o tsv ||
    fail "missing: the image $registry/$1:$tag" "push it: docs/deploy.md, Azure in fifteen minutes"
}
silo=$(digest basgd-silo)
cuda=$(digest basgd-silo-cuda)

az aks get-credentials -g "$group" -n "$cluster" --overwrite-existing
kubectl get crd scaledobjects.keda.sh > /dev/null ||
  fail "missing: KEDA, which scales worker silos" "az aks update -g $group -n $cluster --enable-keda"
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

# Somebody else's, or the GPU Operator's, does as well.
kubectl get daemonsets -A -o name | grep -v '/nvidia-device-plugin$' | grep -q nvidia-device-plugin || kubectl apply -f "$here/device-plugin.yaml"

kubectl kustomize "$here/../kubernetes/overlays/azure" |
  sed -e "s|https://STORAGE-ACCOUNT.blob.core.windows.net|${storage%/}|" -e "s|00000000-0000-0000-0000-000000000000|$identity|" \
    -e "s|REGISTRY.azurecr.io/basgd-silo:$version|$registry/basgd-silo:$tag@$silo|" \
    -e "s|REGISTRY.azurecr.io/basgd-silo-cuda:$version|$registry/basgd-silo-cuda:$tag@$cuda|" \
    -e "s|maxReplicaCount: .*|maxReplicaCount: $workers|" |
  kubectl apply -f -

# wait_for WHAT MINUTES: if its pods do not start, the cluster itself says why.
wait_for() {
  kubectl -n basgd rollout status "$1" --timeout="$2m" && return
  kubectl -n basgd get pods -o wide >&2
  kubectl -n basgd get events --field-selector type=Warning --sort-by=.lastTimestamp | tail -n 15 >&2
  return 1
}
wait_for statefulset/basgd-server 5 || fail "server silos do not get ready; see above"
wait_for deployment/prometheus 5 || fail "Prometheus does not get ready, so no worker silo starts; see above"

# The first worker comes without a job, and shows whether GPU nodes do. A node takes minutes to start.
if ! wait_for deployment/basgd-worker 15; then
  gpus=$(kubectl get nodes -l nvidia.com/gpu.present=true -o 'jsonpath={range .items[*]}{.metadata.name} {.status.allocatable.nvidia\.com/gpu}{"\n"}{end}')
  case "$gpus" in
    '') fail "missing: a GPU node. The pool gpu starts none: see your quota of this size (az vm list-usage), and for spot nodes what is free in the region" ;;
    *' '[1-9]*) fail "worker silos do not get ready; see above. The GPU nodes: $gpus" ;;
    *) fail "missing: NVIDIA's device plugin on the GPU nodes, which offer no GPU: $gpus" \
      "kubectl -n kube-system get pods -l app.kubernetes.io/name=nvidia-device-plugin" ;;
  esac
fi
echo "apply: servers and workers are ready. Worker silos follow the jobs, from 0 to $workers; the first one goes after 15 minutes without a job."
