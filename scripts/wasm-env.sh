# How to compile for wasm32-unknown-unknown here. Source it, after lib.sh, for such a build alone:
# where the toolchain lacks the target, it switches to Debian's own Rust, which brings the standard
# library as source, and has cargo build that too. Set-up: scripts/setup/wasm-target.sh.
# shellcheck shell=bash

WASM_TARGET=wasm32-unknown-unknown

# wasm_target_installed: true when the toolchain in use has the target's standard library.
wasm_target_installed() {
  local dir
  dir=$(rustc --print target-libdir --target "$WASM_TARGET" 2>/dev/null) && compgen -G "$dir/libcore-*" >/dev/null
}

# CONCH_WASM_TOOLCHAIN=debian takes the fallback even where the target is installed: to try it.
if [ "${CONCH_WASM_TOOLCHAIN:-}" = debian ] || ! wasm_target_installed; then
  # RUSTC_BOOTSTRAP: `build-std` is unstable, and Debian's compiler is a stable one.
  export RUSTUP_TOOLCHAIN=debian RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort
  WASM_FROM_SOURCE=yes
else
  # shellcheck disable=SC2034 # for those who source this
  WASM_FROM_SOURCE=no
fi
# A target directory of its own, so that the page does not wait for the server's build, or undo it.
# Whoever moves the one moves the other.
CONCH_PAGE_TARGET_DIR=${CONCH_PAGE_TARGET_DIR:-$CARGO_TARGET_DIR-page}
CARGO_TARGET_DIR=$CONCH_PAGE_TARGET_DIR
export CARGO_TARGET_DIR CONCH_PAGE_TARGET_DIR
# Leptos boxes its views (docs of leptos, "erase_components"): a page of many parts compiles in less
# time and weighs less than with a type for each combination of them.
# Every browser of the last years has WebAssembly's SIMD: Chrome since 2021, Safari since 2023.
export RUSTFLAGS="${RUSTFLAGS:-} --cfg erase_components -C target-feature=+simd128"
