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

step "Dependencies of the tools that test the page"
for folder in tests/e2e tests/bench; do
  found=$(cd "$folder" && npm audit --json 2>/dev/null) && continue
  grep -q '"auditReportVersion"' <<<"$found" &&
    die "$folder: an advisory is out on a dependency" "what you can do: npm audit fix, in that folder"
  note "$folder: skipped, advisories cannot be reached from here"
done

if have shellcheck; then
  step "Shell scripts"
  shellcheck --severity=warning --external-sources --source-path=SCRIPTDIR scripts/*.sh scripts/setup/*.sh .ci/run
else
  note "shell scripts: skipped, there is no shellcheck here"
fi
