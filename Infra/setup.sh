#!/usr/bin/env bash
# Makes this machine able to build and run Basgd: checks the .NET SDK and gives libtorch the C++ library it needs.
# Idempotent, asks nothing, takes a fraction of a second when there is nothing to do.
#   Infra/setup.sh           what building and running needs
#   Infra/setup.sh --tests   and what tests start: Redis, PostgreSQL, Prometheus, Azurite, kubectl, shellcheck, Chromium, NumPy
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

tests=
case "${1:-}" in
  '') ;;
  --tests) tests=yes ;;
  *) echo "usage: Infra/setup.sh [--tests]" >&2; exit 2 ;;
esac

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

need_dotnet() {
  command -v dotnet >/dev/null ||
    fail "the .NET 10 SDK is needed and there is no 'dotnet' on the PATH. Get it from https://dot.net/download"
  dotnet --list-sdks | grep -q '^10\.' ||
    fail "the .NET 10 SDK is needed; 'dotnet --list-sdks' shows: $(dotnet --list-sdks | tr '\n' ';'). Get it from https://dot.net/download"
}

# TorchSharp's native part is built with GCC 13.2; its absence is reported, misleadingly, as a missing libtorch package.
symbol=GLIBCXX_3.4.32

has_symbol() {
  local library
  library=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | awk '/libstdc\+\+\.so\.6 .*x86-64/ { print $NF; exit }')
  [ -n "$library" ] && grep -qaF "$symbol" "$library"
}

update_lists() {
  apt-get -qq -o DPkg::Lock::Timeout=120 update >&2 || say "apt-get update failed; trying with the lists that are there."
}

# The mirror from which this machine already takes its own release.
configured_mirror() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$1" '$2 == release && $3 == "main" && !found { print $1; found = 1 }'
}

install_libstdcxx() {
  local suite=trixie uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  local list=/etc/apt/sources.list.d/basgd-$suite.list pin=/etc/apt/preferences.d/basgd-$suite
  uri=$(configured_mirror "$VERSION_CODENAME")
  if [ -z "$uri" ]; then
    # apt knows its targets only once it has read the lists, which images often come without.
    update_lists
    uri=$(configured_mirror "$VERSION_CODENAME")
  fi
  [ -n "$uri" ] || fail "no apt source for '$VERSION_CODENAME main' found to derive the mirror of '$suite' from." \
    "Install libstdc++6 of GCC 13.2 or newer, then run this again."

  say "this machine's libstdc++ lacks $symbol, which libtorch's .NET binding needs."
  say "adding Debian's suite '$suite' from the configured mirror, pinned low, and upgrading libstdc++6 (and libc6 with it) from there."

  [ -r "$keyring" ] && keyring="[signed-by=$keyring] " || keyring=''
  echo "deb $keyring$uri $suite main" > "$list"
  printf 'Package: *\nPin: release n=%s\nPin-Priority: 50\n' "$suite" > "$pin"

  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
  # Only this list is fetched: somebody else's unreachable source must not stop us.
  if ! apt-get -qq -o DPkg::Lock::Timeout=120 -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- \
    -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any update >&2; then
    rm -f "$list" "$pin"
    fail "could not read suite '$suite' from the configured mirror; the reason is above."
  fi
  apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    install -y -t "$suite" libstdc++6 >&2 || fail "apt-get could not install libstdc++6 from '$suite'; the reason is above."
}

need_libstdcxx() {
  has_symbol && return
  local ID='' VERSION_CODENAME=''
  # shellcheck source=/dev/null
  [ -r /etc/os-release ] && . /etc/os-release
  if [ "$ID" = debian ] && [ -n "$VERSION_CODENAME" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    install_libstdcxx
    has_symbol || fail "libstdc++6 was installed but still lacks $symbol."
    say "done."
  else
    fail "libstdc++.so.6 with $symbol (GCC 13.2 or newer) is needed: Debian 13, Ubuntu 24.04 and newer have it." \
      "On Debian 12 run this script once as root (sudo $0); elsewhere install a newer libstdc++."
  fi
}

need_dotnet
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) need_libstdcxx ;;
  Linux-*) fail "libtorch's .NET package exists for x86-64 Linux only; this machine is $(uname -m)." ;;
esac

has_postgres() { command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

missing_test_packages() {
  command -v redis-server >/dev/null || echo redis-server
  has_postgres || echo postgresql
  command -v prometheus >/dev/null && command -v promtool >/dev/null || echo prometheus
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  command -v kubectl >/dev/null || echo kubernetes-client
  command -v shellcheck >/dev/null || echo shellcheck
  command -v chromium >/dev/null || echo chromium
  /usr/bin/python3 -c 'import numpy' 2>/dev/null || echo python3-numpy
}

# Without these the fault campaign leaves out partitions and clocks that jump.
missing_fault_packages() {
  command -v ip >/dev/null || echo iproute2
  command -v faketime >/dev/null || echo faketime
}

# Installs without starting: the tests run servers of their own.
install_test_packages() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "tests start real servers and a browser, and these packages are missing: $*. Install them, or run this script once as root on Debian."
  say "installing what tests start: $*"
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy"
  fi
  update_lists
  apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    install -y --no-install-recommends "$@" >&2 || fail "apt-get could not install $*; the reason is above."
}

need_test_servers() {
  local packages azurite=$here/../Tests/Servers
  mapfile -t packages < <(missing_test_packages; [ "$(id -u)" != 0 ] || missing_fault_packages)
  [ "${#packages[@]}" -eq 0 ] || install_test_packages "${packages[@]}"

  local wanted
  wanted=$(grep -oE '"azurite": "[^"]+"' "$azurite/package.json" | cut -d'"' -f4)
  if ! grep -qF "\"version\": \"$wanted\"" "$azurite/node_modules/azurite/package.json" 2>/dev/null; then
    say "installing azurite $wanted into Tests/Servers/node_modules"
    npm --prefix "$azurite" install --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || fail "npm could not install azurite; the reason is above."
  fi
}

[ -z "$tests" ] || need_test_servers
