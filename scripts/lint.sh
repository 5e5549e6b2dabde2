#!/usr/bin/env bash
# Format, clippy for host and wasm, documentation, dependencies, shell scripts: no warning passes.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/setup.sh lint

step "Format"
cargo fmt --all --check

step "clippy for the host" "3 minutes the first time on two cores"
cargo clippy --locked --workspace --all-targets -- -D warnings

step "clippy for wasm" "2 minutes the first time on two cores"
(
  . scripts/wasm-env.sh
  cargo clippy --locked -p conch-frontend -p conch-shared --features conch-shared/decode \
    --lib --bins --target "$WASM_TARGET" -- -D warnings
)

step "Documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --quiet

step "Dependencies: licences, sources, doubles"
cargo deny --log-level error check bans licenses sources
if cargo deny --log-level off fetch db >/dev/null 2>&1; then
  cargo deny --log-level error check --disable-fetch advisories
else
  note "advisories: skipped, their database cannot be reached from here"
fi

if have shellcheck; then
  step "Shell scripts"
  shellcheck --severity=warning --external-sources --source-path=SCRIPTDIR scripts/*.sh scripts/setup/*.sh .ci/run
else
  note "shell scripts: skipped, there is no shellcheck here"
fi
