#!/usr/bin/env bash
# Makes sure that Rust can compile for wasm32-unknown-unknown: the page and its worker need it.
# The ordinary way is rustup; where its server cannot be reached, Debian's own Rust beside it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../wasm-env.sh"

# From here on the toolchain that the user has, not the one that wasm-env.sh picked.
unset RUSTUP_TOOLCHAIN RUSTC_BOOTSTRAP CARGO_UNSTABLE_BUILD_STD

# `rust-web-src` is the standard library's source, `rust-web-llvm` links rust-lld to some lld-NN.
DEBIAN_RUST=(rustc-web cargo-web rust-web-src rust-web-llvm)

# limited SECONDS COMMAND…: stopped after that time, where there is a `timeout`.
limited() { if have timeout; then timeout "$@"; else "${@:2}"; fi; }

with_rustup() {
  have rustup || return 1
  step "Adding the target $WASM_TARGET with rustup" "10 seconds"
  # One try and a limit: an unreachable server should cost seconds, not minutes.
  RUSTUP_MAX_RETRIES=0 limited 180 rustup target add "$WASM_TARGET" >"$CONCH_CACHE/rustup.log" 2>&1
}

debian_ready() {
  local lld
  have rustup && [ -x /usr/bin/rustc ] && [ -f /usr/lib/rustlib/src/rust/library/std/Cargo.toml ] &&
    lld=$(readlink -f /usr/bin/rust-lld) && [ -x "$lld" ] &&
    RUSTUP_TOOLCHAIN=debian rustc --version >/dev/null 2>&1
}

with_debian() {
  debian_ready && return 0
  have rustup && have apt-get || return 1
  step "Installing Debian's Rust beside yours (packages ${DEBIAN_RUST[*]})" "1 minute"
  debian_packages "${DEBIAN_RUST[@]}" || return 1
  debian_packages "$(basename "$(readlink /usr/bin/rust-lld)")" || return 1
  rustup toolchain link debian /usr >>"$CONCH_CACHE/rustup.log" 2>&1
  debian_ready
}

if [ "${CONCH_WASM_TOOLCHAIN:-}" != debian ]; then
  wasm_target_installed && exit 0
  with_rustup && wasm_target_installed && exit 0
  note "rustup could not add it (see $CONCH_CACHE/rustup.log); trying Debian's packages"
fi
with_debian && exit 0

die "Rust here cannot compile for $WASM_TARGET, which the page is made of" \
  "tried: rustup target add $WASM_TARGET (log: $CONCH_CACHE/rustup.log)" \
  "tried: Debian's packages ${DEBIAN_RUST[*]} (log: $CONCH_CACHE/apt.log)" \
  "what you can do: run 'rustup target add $WASM_TARGET' where there is a network, or, as root on" \
  "Debian, 'apt-get install ${DEBIAN_RUST[*]} lld-NN' (the NN that /usr/bin/rust-lld points to)" \
  "and 'rustup toolchain link debian /usr'; then run this again"
