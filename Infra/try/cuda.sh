#!/usr/bin/env bash
# Builds Basgd for CUDA 12.8, compares every GPU of this machine with its processor, and trains on it, in single precision and in mixed.
# Takes some ten minutes and 6 GB. Leaves a build for CUDA behind: ./run.sh builds for the processor again.
#   Infra/try/cuda.sh
# shellcheck source=Infra/try/report.sh
. "${BASH_SOURCE[0]%/*}/report.sh"
need dotnet https://dot.net/download nvidia-smi "NVIDIA's driver"
begin
folder=$(mktemp -d) silo=
tidy() {
  [ -z "$silo" ] || { kill "$silo"; wait "$silo"; }
  rm -r "$folder"
  conclude
}
trap tidy EXIT

must "GPUs" nvidia-smi
must "this machine can build" Infra/setup.sh
must "tests built for CUDA" dotnet build Tests/Learning -c Release -v quiet -nologo -p:BasgdDevice=cuda
tests=Tests/Learning/bin/Release/net10.0/Basgd.Learning.Tests
step "every device computes what the processor does" "$tests" -noLogo -noColor -class '*DeviceTests'
step "mixed precision" "$tests" -noLogo -noColor -class '*MixedPrecisionTests'
must "silo built for CUDA" dotnet publish Silo -c Release -r linux-x64 --self-contained false -v quiet -nologo -p:BasgdDevice=cuda -o "$folder/silo"
must "client" dotnet build Client -c Release -v quiet -nologo

basgd() { dotnet Client/bin/Release/net10.0/basgd.dll "$@" --state "$folder/state"; }
dotnet "$folder/silo/Basgd.Silo.dll" --state "$folder/state" --devices cuda:0 --lanes 2 > "$folder/log" 2>&1 &
silo=$!
must "a silo on the first GPU" until_ready 60 grep -q '^ready' "$folder/log"
step "its log" cat "$folder/log"
step "trains in single precision" basgd train examples/fashion-mnist.yaml --name single --epochs 2
{ cat examples/fashion-mnist.yaml && echo 'mixedPrecision: true'; } > "$folder/mixed.yaml"
step "a job in mixed precision is submitted" basgd submit "$folder/mixed.yaml" --name mixed --epochs 2
step "the GPU is used" nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv
step "how much" nvidia-smi --query-gpu=utilization.gpu,memory.used,power.draw --format=csv
step "it trains to its end" basgd watch mixed
step "with ResNet-20" basgd train --name resnet --model resnet20 --dataset synthetic --workers 4 --buffers 3 --steps 200
step "its log, at the end" tail -n 50 "$folder/log"
