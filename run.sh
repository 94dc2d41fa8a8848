#!/usr/bin/env bash
# Builds what is needed and runs a basgd verb. Without one: trains the example job, two of its eight workers hostile.
#   ./run.sh                       train examples/fashion-mnist.yaml, some two minutes on 2 cores
#   ./run.sh VERB [ARGUMENT ...]   any verb of the basgd command; ./run.sh --help lists them
#   ./run.sh experiment survival   BASGD and plain averaging under attack: a picture in some two minutes
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

"$here/Infra/setup.sh"

case "${1:-}" in
  simulate | experiment) projects=(Experiments Client) ;;
  *) projects=(Silo Client) ;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in "${projects[@]}"; do
  # No build servers: nothing is left running behind.
  if ! dotnet build "$here/$project" -c Release -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
done
rm -f "$log"
trap - EXIT

[ $# -gt 0 ] || set -- train "$here/examples/fashion-mnist.yaml" --state "$here/state"

# What follow-up commands are to begin with.
case $0 in */*) export BASGD_PROGRAM=$0 ;; *) export BASGD_PROGRAM=./$0 ;; esac
exec dotnet "$here/Client/bin/Release/net10.0/basgd.dll" "$@"
