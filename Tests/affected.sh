#!/usr/bin/env bash
# Prints the test projects that depend on a file that differs from a commit, committed or not.
#   Tests/affected.sh COMMIT PROJECT ...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
base=$1
shift

# The folders that a project is compiled from: its own, those of its references, and those of files that it borrows.
folders_of() {
  local folder=${1%/*} path
  [[ $visited != *" $1 "* ]] || return 0
  visited+=" $1 "
  echo "$folder/"
  while read -r path; do
    path=$(realpath -m --relative-to=. "$folder/$path")
    if [[ $path == *.csproj ]]; then folders_of "$path"; else echo "${path%/*}/"; fi
  done < <(grep -oE '(ProjectReference|Compile) Include="[^"]+"' "$1" | cut -d '"' -f 2 | tr ';' '\n')
}

# Whether the project compiles the file, or its tests name the file or a folder of it.
depends() {
  local project=$1 path=$2 folder
  case "$path" in
    Tests/Shared/* | Tests/*.props | Tests/*.sh | *.sln | Directory.* | global.json | BannedSymbols.txt | .editorconfig | test.sh) return 0 ;;
  esac
  for folder in $folders; do
    [[ $path != "$folder"* ]] || return 0
  done
  until grep -rqF --include='*.cs' -e "\"$path\"" -e "\"$path/" "Tests/$project"; do
    [[ $path == */* ]] || return 1
    path=${path%/*}
  done
}

mapfile -t files < <(git diff --name-only "$base" -- && git ls-files --others --exclude-standard)
for project; do
  visited=''
  folders=$(folders_of "Tests/$project/$project.Tests.csproj")
  for file in "${files[@]}"; do
    if depends "$project" "$file"; then
      echo "$project"
      break
    fi
  done
done
