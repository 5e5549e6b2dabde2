#!/usr/bin/env bash
# setup.sh serve|test|lint: puts in place what that needs and this machine lacks. Each step looks
# first whether its thing is there, so a second run takes no time.
. "$(dirname "$0")/lib.sh"

serve=(wasm-target trunk wasm-bindgen wasm-opt onnxruntime models)
test=("${serve[@]}" e2e chromium certificates)
# Where Triton cannot run, its step ends with the reason; this variable leaves out what needs it.
[ "${CONCH_SKIP_TRITON:-}" = 1 ] || test+=(triton clients)
lint=(wasm-target wasm-clippy cargo-deny)

{ have cargo && have rustc; } || die "Rust is not here; all of Conch is written in it" \
  "what you can do: install rustup (https://rustup.rs), then run this again"
have curl || die "curl is not here; models and tools are downloaded with it" \
  "what you can do: install curl with your system's packages, then run this again"

for what in "$@"; do
  case $what in
    serve) steps=("${serve[@]}") ;;
    test) steps=("${test[@]}") ;;
    lint) steps=("${lint[@]}") ;;
    *) die "setup.sh: no such set: $what" "expected: serve, test or lint" ;;
  esac
  for name in "${steps[@]}"; do "$ROOT/scripts/setup/$name.sh" >/dev/null; done
done
