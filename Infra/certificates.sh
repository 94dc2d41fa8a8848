#!/usr/bin/env bash
# Makes an authority, and the certificates for mutual TLS that it signs: one for silos, one for clients, for 90 days each. Run again,
# it keeps the authority and renews the two. Where cert-manager runs, take that: Infra/kubernetes/components/cert-manager.
#   Infra/certificates.sh DIRECTORY     DIRECTORY/silo and DIRECTORY/client, each with tls.crt, tls.key and ca.crt
# Keep DIRECTORY/authority.key away from silos and clients: whoever has it is whoever they like.
set -euo pipefail
[ $# = 1 ] || { echo "usage: Infra/certificates.sh DIRECTORY" >&2; exit 2; }
umask 077
mkdir -p "$1"
cd "$1"
key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)

[ -e authority.key ] ||
  openssl req -x509 "${key[@]}" -days 3650 -subj "/CN=basgd authority" -keyout authority.key -out authority.crt 2>/dev/null \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign

# sign WHO USES: new files are whole before they take the place of the old ones, for silos read them at any time.
sign() {
  local new
  new=$(mktemp -d ./new.XXXXXX)
  openssl req -new "${key[@]}" -subj "/CN=basgd $1" -keyout "$new/tls.key" -out "$new/request" 2>/dev/null
  printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n' "$2" > "$new/uses"
  openssl x509 -req -in "$new/request" -CA authority.crt -CAkey authority.key -days 90 -extfile "$new/uses" -out "$new/tls.crt" 2>/dev/null
  cp authority.crt "$new/ca.crt"
  mkdir -p "$1"
  mv "$new/tls.key" "$new/tls.crt" "$new/ca.crt" "$1"
  rm -r "$new"
}

sign silo serverAuth,clientAuth
sign client clientAuth
