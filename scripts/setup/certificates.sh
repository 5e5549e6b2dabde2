#!/usr/bin/env bash
# Makes sure that there are the programs by which tests judge our certificates: openssl shakes hands,
# certutil has a Chromium trust an authority.
. "$(dirname "$0")/../lib.sh"

missing=()
have openssl || missing+=(openssl)
have certutil || missing+=(libnss3-tools)
[ ${#missing[@]} -eq 0 ] && exit 0

step "Installing ${missing[*]} for the tests of HTTPS" "10 seconds"
debian_packages "${missing[@]}" || true
{ have openssl && have certutil; } || die "openssl and certutil are not both here; the tests of HTTPS need them" \
  "tried: Debian's packages ${missing[*]} (log: $CONCH_CACHE/apt.log)" \
  "what you can do: install them (Fedora: openssl nss-tools, macOS: brew install openssl nss), then run this again"
