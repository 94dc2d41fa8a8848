#!/usr/bin/env bash
# Starts all of Infra/compose, trains a job, loses a worker silo meanwhile, and asks the page, Prometheus, Grafana and Jaeger; then the
# same with mutual TLS if it runs as root, since the certificates belong to the user of the images. Takes a quarter of an hour. Removes
# the containers and their volumes.
#   Infra/try/compose.sh
# shellcheck source=Infra/try/report.sh
. "${BASH_SOURCE[0]%/*}/report.sh"
need docker https://docs.docker.com/engine/install curl "your system's packages" openssl "your system's packages"
begin
files=(-f Infra/compose/compose.yaml)
compose() { docker compose "${files[@]}" "$@"; }
basgd() { compose run --rm -T basgd "$@"; }
tidy() {
  step "logs" compose logs --tail 200 --no-color
  step "down" compose down -v
  conclude
}
trap tidy EXIT

must "docker compose answers" docker compose version
must "docker answers" docker info
must "up" compose up --build --wait
step "containers" compose ps -a
step "silos" basgd silos
step "a job is submitted" basgd submit /examples/fashion-mnist.yaml --name lost --epochs 3
step "one worker silo more" compose up -d --scale worker=2 --no-recreate --wait
step "one worker silo is killed" compose kill --signal KILL worker
step "worker silos are back" compose up -d --scale worker=1 --wait
step "the job goes on to its end" basgd watch lost
step "its numbers" basgd status lost --json
step "a job from beginning to end" basgd train /examples/fashion-mnist.yaml --name whole --epochs 2
step "use" docker stats --no-stream
step "page" curl -fsS -o /dev/null http://127.0.0.1:8080/
step "Prometheus sees every silo" curl -fsS 'http://127.0.0.1:9090/api/v1/query?query=up'
step "alerts" curl -fsS http://127.0.0.1:9090/api/v1/rules
step "Grafana has the dashboard" curl -fsS 'http://127.0.0.1:3000/api/search?query=Basgd'
step "Jaeger has traces" curl -fsS http://127.0.0.1:16686/api/services
step "silos drain" compose stop worker server

if [ "$(id -u)" = 0 ]; then
  step "certificates" Infra/certificates.sh Infra/compose/certificates
  chown 1654 Infra/compose/certificates/*/*
  compose down -v >> "$report" 2>&1
  files+=(-f Infra/compose/compose.tls.yaml)
  step "up with mutual TLS" compose up --wait
  step "silos over TLS" basgd silos
  step "a job over TLS" basgd train /examples/fashion-mnist.yaml --name tls --epochs 1
fi
