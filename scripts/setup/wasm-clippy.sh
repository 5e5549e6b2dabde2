#!/usr/bin/env bash
# Where the page is compiled by Debian's Rust, it is linted by that one's clippy; else there is
# nothing to do.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../wasm-env.sh"

[ "$WASM_FROM_SOURCE" = no ] && exit 0
[ -x /usr/bin/clippy-driver ] && exit 0
step "Installing clippy for Debian's Rust (package rust-web-clippy)" "10 seconds"
debian_packages rust-web-clippy && exit 0
die "clippy for wasm could not be had" "tried: Debian's package rust-web-clippy (log: $CONCH_CACHE/apt.log)" \
  "what you can do: as root, 'apt-get install rust-web-clippy', then run this again"
