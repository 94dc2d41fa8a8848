#!/usr/bin/env bash
# Builds everything and runs every test. Ends with one line: N passed, N failed, N skipped.
#   ./test.sh          all of it
#   ./test.sh --fast   without what is slow or starts processes, for the inner loop
#   ./test.sh --changed [COMMIT]   only the projects that depend on what differs from COMMIT, or from origin/main
#   ./test.sh --campaign N   only the fault campaign, N schedules for each backend, and how long recovery takes
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

projects=(Aggregation Learning Grains Simulator Client Silo Experiments Infra Browser Cluster)
filter=() clusters=yes
# A test that hangs is named, fails its project in the end, and the other projects run. At a terminal, somebody sees it and interrupts.
limit=() names_hanging=(-longRunning 120)
[ -t 1 ] || limit=(timeout --kill-after=10 30m)
refuse() { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
wrong_use() { echo "usage: ./test.sh [--fast | --changed [COMMIT] | --campaign N]" >&2; exit 2; }

case "${1:-}" in
  '') ;;
  --fast) projects=(Aggregation Learning Grains Simulator Client Silo Experiments); filter=(-trait- category=slow) clusters= ;;
  --campaign)
    [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || wrong_use
    export BASGD_CAMPAIGN=$2
    limit=() projects=(Cluster) filter=(-class '*CampaignTests' -class '*RecoveryTests' -explicit on -showLiveOutput) ;;
  --changed)
    git rev-parse -q --verify "${2:-origin/main}^{commit}" >/dev/null || { echo "${2:-origin/main} is no commit" >&2; wrong_use; }
    affected=$(Tests/affected.sh "${2:-origin/main}" "${projects[@]}") || refuse
    read -ra projects <<<"${affected//$'\n'/ }"
    echo "== affected: ${projects[*]:-nothing}"
    [ -n "$affected" ] || { echo "0 passed, 0 failed, 0 skipped"; exit 0; }
    [[ " ${projects[*]} " =~ \ (Infra|Browser|Cluster)\  ]] || clusters= ;;
  *) wrong_use ;;
esac

# One compiler for all projects, of our own: it is told to end, so that nothing is left running behind.
export SharedCompilationId=basgd-$$
end_compiler() {
  dotnet "$(dotnet msbuild Silo -getProperty:RoslynTargetsPath)/bincore/VBCSCompiler.dll" -shutdown "-pipename:$SharedCompilationId" >/dev/null
}

build() {
  dotnet build Basgd.sln -c Release -v quiet -nologo -nodeReuse:false || return
  # Clusters are made of what is shipped: compiled ahead, for half the time of a silo that lives for seconds is the compiler's.
  [ -z "$clusters" ] ||
    dotnet publish Silo -c Release -r linux-x64 --self-contained false -v quiet -nologo -nodeReuse:false \
      -p:CreateHardLinksForCopyFilesToOutputDirectoryIfPossible=true -p:CreateHardLinksForPublishFilesIfPossible=true
}

Infra/setup.sh || refuse
installing=
[ -z "$clusters" ] || { Infra/setup.sh --tests & installing=$!; }
build
built=$?
end_compiler
[ -z "$installing" ] || wait "$installing" || refuse
[ "$built" -eq 0 ] || refuse

[ -z "$clusters" ] || export BASGD_SILO=$PWD/Silo/bin/Release/net10.0/linux-x64/publish/Basgd.Silo.dll
# Many processes on few cores gain nothing from being compiled better later, or from threads that spin where they could sleep.
export DOTNET_TieredPGO=0 DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0

output=$(mktemp) failures=$(mktemp)
trap 'rm -f "$output" "$failures"' EXIT
passed=0 failed=0 skipped=0
for project in "${projects[@]}"; do
  # An empty array counts as unset in old shells.
  command=("Tests/$project/bin/Release/net10.0/Basgd.$project.Tests" -noLogo -noColor ${filter[@]+"${filter[@]}"})
  echo "== ${command[*]}"
  ${limit[@]+"${limit[@]}"} "${command[@]}" "${names_hanging[@]}" 2>&1 | tee "$output"
  status=${PIPESTATUS[0]}
  grep -A 15 -E '^ +[^ ].* \[FAIL\]$' "$output" | cut -c 1-400 >>"$failures"

  # A project that says nothing of its tests, or fails without a failed test, has crashed: that is a failure of its own.
  summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+' "$output" | tail -n 1)
  read -r total errors fails skips unasked <<<"$(grep -oE '[0-9]+' <<<"${summary:-0 1 0 0 0}" | tr '\n' ' ')"
  total=$((total - unasked)) # Explicit tests that nobody asked for.
  [ "$status" -eq 0 ] || [ $((errors + fails)) -gt 0 ] || errors=1
  [ "$total" -gt 0 ] || errors=$((errors > 0 ? errors : 1))
  passed=$((passed + total - fails - skips)) failed=$((failed + fails + errors)) skipped=$((skipped + skips))
done

# Once more where they are found: a job prints a lot before it fails.
[ ! -s "$failures" ] || { echo "== what failed"; cat "$failures"; }
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
