#!/usr/bin/env bash
# Makes a cluster with kind, brings Basgd into it as docs/deploy.md says, trains, kills pods, and tries what policies keep out. Takes a
# quarter of an hour. Deletes the cluster.
#   Infra/try/kubernetes.sh
# shellcheck source=Infra/try/report.sh
. "${BASH_SOURCE[0]%/*}/report.sh"
need docker https://docs.docker.com/engine/install kind https://kind.sigs.k8s.io kubectl https://kubernetes.io/docs/tasks/tools openssl "your system's packages"
begin
cluster=basgd-try
k() { kubectl --context "kind-$cluster" -n basgd "$@"; }
tidy() {
  step "pods" k get pods -o wide
  step "events" k get events --sort-by=.lastTimestamp
  step "logs of servers" k logs statefulset/basgd-server --tail 200
  step "logs of workers" k logs deployment/basgd-worker --tail 200
  step "the cluster is deleted" kind delete cluster --name "$cluster"
  conclude
}

must "docker answers" docker info
must "silo" docker build -f Infra/docker/Dockerfile --target silo -t "basgd-silo:$version" .
must "client" docker build -f Infra/docker/Dockerfile --target client -t "basgd:$version" .
trap tidy EXIT
must "a cluster" kind create cluster --name "$cluster" --wait 3m
must "images" kind load docker-image --name "$cluster" "basgd-silo:$version" "basgd:$version"
must "namespace" k apply -f Infra/kubernetes/base/namespace.yaml
token() { openssl rand -hex 32; }
tokens() { k create secret generic basgd-tokens --from-file=act=<(token) --from-file=look=<(token) --from-file=page=<(token); }
must "tokens" tokens
must "dev" k apply -k Infra/kubernetes/overlays/dev
must "servers" k rollout status statefulset/basgd-server --timeout=5m
must "workers" k rollout status deployment/basgd-worker --timeout=5m

# The name of the pod is that of the container in client.json.
basgd() { k run basgd --rm -i --quiet --image="basgd:$version" --override-type=strategic --overrides="$(cat Infra/kubernetes/client.json)" -- "$@"; }
job=(--dataset synthetic --workers 8 --buffers 5 --rule median)
step "silos" basgd silos
step "a job" basgd train --name whole "${job[@]}" --steps 500
step "another one" basgd submit --name lost "${job[@]}" --steps 5000
step "a server pod is deleted" k delete pod basgd-server-0 --wait=false
step "a worker pod is deleted at once" k delete pod -l app.kubernetes.io/component=worker --force --grace-period=0
step "servers are back" k rollout status statefulset/basgd-server --timeout=5m
step "the job goes on to its end" basgd watch lost
step "its numbers" basgd status lost --json

# A pod that says it is nothing of ours: names are all it gets.
stranger() {
  local pod
  pod=$(sed 's/basgd-client/stranger/; s/"name": "basgd"/"name": "stranger"/' Infra/kubernetes/client.json)
  k run stranger --rm -i --quiet --image=redis:7.4.1-alpine --override-type=strategic --overrides="$pod" \
    --command -- sh -c "nc -z -w 5 $1 $2 && echo open || echo closed" | grep closed
}
step "a stranger does not reach the gateway" stranger basgd-gateway 30000
step "nor Redis" stranger redis 6379
step "manifests, as the API server sees them" k apply -k Infra/kubernetes/overlays/dev --dry-run=server
step "priority classes" kubectl --context "kind-$cluster" get priorityclasses
