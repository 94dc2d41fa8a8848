#!/usr/bin/env bash
# Breaks the aggregation library in each of the ways of Tests/Aggregation/mutants.txt, one at a time in a copy, and says which
# of them the tests notice. Not part of test.sh: a mutant takes a build and a test run.
#   Tests/mutants.sh [TEXT]   only mutants whose line contains TEXT
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/Tests"
cp -r "$root"/{Aggregation,Directory.*,BannedSymbols.txt,.editorconfig,global.json} "$copy"
cp -r "$root"/Tests/{Aggregation,Shared,Directory.Build.*} "$copy/Tests"
cd "$copy"

build() { dotnet build Tests/Aggregation -c Release -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false >/dev/null 2>&1; }

unexpected=0
while IFS=$'\t' read -r file from to expected; do
  [[ -z "$file" || "$file" == \#* || "$file$from$to" != *"${1:-}"* ]] && continue
  [ "$to" != ∅ ] || to=  # Where fields are split by tabs none can be empty.
  original=$(mktemp)
  cp "Aggregation/$file" "$original"
  FROM=$from TO=$to perl -0pi -e 's/\Q$ENV{FROM}\E/$ENV{TO}/ or die "no longer there\n"' "Aggregation/$file"
  if ! build; then outcome="does not build"
  elif timeout -s KILL 300 Tests/Aggregation/bin/Release/net10.0/Basgd.Aggregation.Tests -noLogo -noColor -stopOnFail >/dev/null 2>&1; then outcome=survived
  else outcome=killed
  fi
  mv "$original" "Aggregation/$file"
  [[ "$outcome" == "${expected%%:*}" ]] || { outcome="$outcome, EXPECTED $expected"; unexpected=$((unexpected + 1)); }
  echo "$file: $from -> $to: $outcome"
done <Tests/Aggregation/mutants.txt
echo "$unexpected unexpected"
[ "$unexpected" -eq 0 ]
