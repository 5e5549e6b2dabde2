#!/usr/bin/env bash
# fuzz.sh TARGET [SECONDS] [LIBFUZZER_OPTION…]: tries a target of tests/fuzz/ with inputs that libFuzzer
# makes up, a minute unless told otherwise. What it learns stays in the cache folder.
. "$(dirname "$0")/lib.sh"
target=${1:?a target of tests/fuzz/Cargo.toml}
seconds=${2:-60}
shift $(($# < 2 ? $# : 2))
cd "$ROOT/tests/fuzz"

host=$(rustc -vV | sed -n 's/^host: //p')
# What libFuzzer wants to know of where a program has been; the flags that cargo-fuzz sets, of which
# none asks for a nightly compiler.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=1"
export CARGO_TARGET_DIR=$CARGO_TARGET_DIR-fuzz
step "Building the fuzz target $target" "one minute the first time on two cores"
# With --target, so that build scripts are not instrumented.
cargo build --locked --release --bin "$target" --target "$host"

corpus=$CONCH_CACHE/fuzz/$target
mkdir -p "$corpus"
step "Fuzzing $target" "$seconds seconds"
exec "$CARGO_TARGET_DIR/$host/release/$target" -max_total_time="$seconds" -timeout=20 \
  -artifact_prefix="$CONCH_CACHE/fuzz/" -print_final_stats=1 "$@" "$corpus"
