# Shared by the scripts beside it, which source it: checks tools, runs steps, and writes what happened into one file to send back.
# shellcheck shell=bash
# Only built-in commands until the tools are known to be there.
set -uo pipefail
here=${BASH_SOURCE[0]%/*}
cd "$here/../.." || exit 1
version=$(while read -r line; do [[ $line =~ \<Version\>(.*)\</Version\> ]] && echo "${BASH_REMATCH[1]}"; done < Directory.Build.props)
name=${0##*/}
report=$PWD/basgd-try-${name%.sh}.txt
failed=0

# need TOOL WHERE-FROM …: ends with 2 if any is missing, and says which and where it comes from.
need() {
  local missing=0
  while [ $# -gt 1 ]; do
    command -v "$1" > /dev/null || { echo "missing: $1 ($2)" >&2; missing=1; }
    shift 2
  done
  [ "$missing" = 0 ] || exit 2
}

# begin: from here on there is a report, and the script ends with it. One that has to tidy up sets a trap of its own that ends so.
begin() {
  trap conclude EXIT
  {
    echo "Basgd $version, $name, $(date -u +%FT%TZ)"
    git log -1 --format='commit %H' 2> /dev/null
    uname -srm
    nproc
  } > "$report"
}

# step WHAT COMMAND …: what it prints goes into the report, its end onto the screen. Returns what the command returns.
step() {
  local what=$1 status start=$SECONDS
  shift
  printf '\n== %s\n$ %s\n' "$what" "$*" >> "$report"
  printf '%s … ' "$what"
  "$@" >> "$report" 2>&1
  status=$?
  echo "-- exit $status after $((SECONDS - start)) s" >> "$report"
  if [ "$status" = 0 ]; then
    echo "ok ($((SECONDS - start)) s)"
  else
    echo "FAILED ($status)"
    failed=$((failed + 1))
    tail -n 12 "$report" | sed 's/^/    /'
  fi
  return "$status"
}

# must WHAT COMMAND …: a step without which the others say nothing.
must() { step "$@" || exit 1; }

# until_ready SECONDS COMMAND …: repeats the command until it succeeds.
until_ready() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 2
  done
}

# conclude: says how it went and what to send back.
conclude() {
  printf '\n%s steps failed\n' "$failed" >> "$report"
  printf '\n%s steps failed. Please send back: %s\n' "$failed" "$report"
  exit "$((failed > 0))"
}
