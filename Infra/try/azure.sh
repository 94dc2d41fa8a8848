#!/usr/bin/env bash
# Deploys Infra/azure into a resource group of its own, brings Basgd into it, trains on GPU nodes, and looks whether they go when the job
# is done. IT COSTS MONEY: about an hour of an AKS cluster with three server nodes, two spot GPU nodes and a small cache. Deletes the
# group at the end, unless KEEP=1.
#   Infra/try/azure.sh RESOURCE-GROUP REGION
# shellcheck source=Infra/try/report.sh
. "${BASH_SOURCE[0]%/*}/report.sh"
need az https://aka.ms/azure-cli kubectl "az aks install-cli" kubelogin "az aks install-cli" docker https://get.docker.com openssl "your packages"
[ $# = 2 ] || { echo "usage: Infra/try/azure.sh RESOURCE-GROUP REGION     the group is made, and deleted at the end unless KEEP=1" >&2; exit 2; }
group=$1 region=$2
begin
k() { kubectl -n basgd "$@"; }
gpus() { kubectl get nodes -l nvidia.com/gpu.present=true; }
tidy() {
  step "pods" k get pods -o wide
  step "events" kubectl get events -A --sort-by=.lastTimestamp
  step "logs of servers" k logs statefulset/basgd-server --tail 200
  [ "${KEEP:-}" = 1 ] || step "the group is being deleted" az group delete -n "$group" --yes --no-wait
  conclude
}

must "az is logged in" az account show --query name -o tsv
must "docker answers" docker info
step "quota of GPUs" az vm list-usage -l "$region" -o table --query \
  "[?contains(name.value, 'NC') || contains(name.value, 'lowPriority')].{name: name.value, used: currentValue, limit: limit}"
must "a resource group that is new" test "$(az group exists -n "$group")" != true
must "it is made" az group create -n "$group" -l "$region"
trap tidy EXIT
step "what would be deployed" az deployment group what-if -g "$group" -f Infra/azure/main.bicep -p Infra/azure/main.bicepparam -p maxGpuNodes=2
must "deployed" az deployment group create -g "$group" -n main -f Infra/azure/main.bicep -p Infra/azure/main.bicepparam -p maxGpuNodes=2
registry=$(az deployment group show -g "$group" -n main --query properties.outputs.registry.value -o tsv)
cluster=$(az deployment group show -g "$group" -n main --query properties.outputs.cluster.value -o tsv)
admin() {
  az role assignment create --role "Azure Kubernetes Service RBAC Cluster Admin" --assignee "$(az ad signed-in-user show --query id -o tsv)" \
    --scope "$(az aks show -g "$group" -n "$cluster" --query id -o tsv)"
}
step "you may act on the cluster" admin
must "a way into it" az aks get-credentials -g "$group" -n "$cluster" --overwrite-existing
step "it lets you in, which takes minutes" until_ready 600 kubectl get nodes
must "the registry lets you in" az acr login -n "${registry%%.*}"
push() { docker build -f Infra/docker/Dockerfile --target "$2" -t "$registry/$1:$version" "${@:3}" . && docker push "$registry/$1:$version"; }
must "silo" push basgd-silo silo
must "silo for CUDA" push basgd-silo-cuda silo --build-arg DEVICE=cuda
must "client" push basgd client
must "applied, servers and the first worker ready" Infra/azure/apply.sh "$group"
step "GPU nodes" gpus

# The name of the pod is that of the container in client.json.
basgd() { k run basgd --rm -i --quiet --image="$registry/basgd:$version" --override-type=strategic --overrides="$(cat Infra/kubernetes/client.json)" -- "$@"; }
step "silos" basgd silos
step "scaling" k get scaledobject,hpa
step "a job for two GPU nodes" basgd submit --name wide --model resnet20 --dataset cifar-10 --workers 20 --buffers 5 --epochs 2
two_workers() { [ "$(k get deployment basgd-worker -o 'jsonpath={.status.readyReplicas}')" = 2 ]; }
step "a second worker silo within 15 minutes" until_ready 900 two_workers
step "the job to its end" basgd watch wide
step "its numbers" basgd status wide --json
no_gpus() { [ -z "$(gpus --no-headers 2> /dev/null)" ]; }
step "no GPU node half an hour later" until_ready 2400 no_gpus
step "what is left" kubectl get nodes
