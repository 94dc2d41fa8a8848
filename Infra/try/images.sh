#!/usr/bin/env bash
# Builds every image, runs a silo of it as deployments do, builds it again elsewhere to compare layers, and finds the digests of all
# that is pinned by tag. Takes a quarter of an hour and some 20 GB; the images stay.
#   Infra/try/images.sh
# shellcheck source=Infra/try/report.sh
. "${BASH_SOURCE[0]%/*}/report.sh"
need docker https://docs.docker.com/engine/install dotnet https://dot.net/download
begin
tidy() { docker rm -f basgd-try > /dev/null 2>&1; conclude; }
trap tidy EXIT

must "docker answers" docker info
must "silo" docker build -f Infra/docker/Dockerfile --target silo -t "basgd-silo:$version" .
must "client" docker build -f Infra/docker/Dockerfile --target client -t "basgd:$version" .
step "silo for CUDA" docker build -f Infra/docker/Dockerfile --target silo -t "basgd-silo-cuda:$version" --build-arg DEVICE=cuda .
step "host of one's own" docker build -f samples/OwnModel/Dockerfile -t "own-silo:$version" .
step "sizes" docker image ls --digests

step "a silo starts, read-only and without privileges" docker run -d --name basgd-try --read-only --tmpfs /tmp --tmpfs /state:uid=1654 --cap-drop ALL \
  --security-opt no-new-privileges:true -e Basgd__Silo__Role=server "basgd-silo:$version"
step "it gets ready" until_ready 60 docker exec basgd-try dotnet /app/Basgd.Silo.dll --probe
step "its log" docker logs basgd-try
step "it drains within 40 s" docker stop -t 40 basgd-try
step "with exit code" docker inspect -f '{{.State.ExitCode}}' basgd-try

layers() { docker image inspect -f '{{range .RootFS.Layers}}{{println .}}{{end}}' "$1"; }
step "the same, without the cache" docker build --no-cache -f Infra/docker/Dockerfile --target silo -t basgd-silo:again .
same_layers() { diff <(layers "basgd-silo:$version") <(layers basgd-silo:again) && echo "every layer is the same"; }
step "layers compared" same_layers

step "an image without Docker" dotnet publish Silo -c Release -r linux-x64 --self-contained false /t:PublishContainer \
  -p:ContainerBaseImage=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled -p:ContainerRepository=basgd-silo \
  -p:ContainerArchiveOutputPath="${TMPDIR:-/tmp}/basgd-silo.tar.gz"

# What is pinned by tag, in the Dockerfile, in compose and in the manifests.
pinned() {
  grep -rhoE '(ARG (SDK|ASPNET|RUNTIME)=|image: )[a-z0-9./-]+:v?[0-9][A-Za-z0-9.-]*' Infra/docker Infra/compose Infra/kubernetes Infra/azure |
    sed -E 's/^(ARG [A-Z]+=|image: )//' | grep -v '^basgd' | sort -u
}
digests() {
  local image
  for image in $(pinned); do printf '%s@%s\n' "$image" "$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')"; done
}
step "digests" digests
