#!/usr/bin/env bash
# fuzz.sh TARGET|all [SECONDS] [LIBFUZZER_OPTION…]: tries a target of tests/fuzz/, or each in turn, with
# inputs that libFuzzer makes up, a minute unless told otherwise. It begins with the seeds, with the cases
# that once broke something, and with what it learnt earlier, which stays in the cache folder, or in
# $CONCH_FUZZ_CORPUS. A case that breaks something is named and left in the cache folder; with what
# mends it, it belongs into tests/fuzz/found/TARGET/.
. "$(dirname "$0")/lib.sh"
target=${1:?all, or a target of tests/fuzz/Cargo.toml}
seconds=${2:-60}
shift $(($# < 2 ? $# : 2))
cd "$ROOT/tests/fuzz"

targets=$(sed -n '/^\[\[bin\]\]/,/^$/s/^name = "\(.*\)"/\1/p' Cargo.toml)
if [ "$target" != all ]; then
  grep -qx "$target" <<<"$targets" ||
    die "there is no fuzz target $target" "there is: all" "or one of: $(paste -sd ' ' - <<<"$targets")"
  targets=$target
fi

# options TARGET: its longest input, bytes, and a list of words that such inputs are made of.
options() {
  case $1 in
    codec | json) echo -max_len=1024 -dict=dictionaries/v2.dict ;;
    config | http | image) echo -max_len=2048 "-dict=dictionaries/$1.dict" ;;
    worker) echo -max_len=512 -dict=dictionaries/worker.dict ;;
    *) echo -max_len=512 ;;
  esac
}

# cases TARGET: the folders of cases that everybody has.
cases() {
  local folder
  [ "$1" != image ] || echo ../golden/files ../golden/jpegs ../golden/hostile
  for folder in "seeds/$1" "found/$1"; do [ ! -d "$folder" ] || echo "$folder"; done
}

have "${CXX:-c++}" || debian_packages g++ || die "libFuzzer is C++, and there is no C++ compiler here" \
  "what you can do: install g++ or clang with your system's packages, then run this again"
host=$(rustc -vV | sed -n 's/^host: //p')
# What libFuzzer wants to know of where a program has been; the flags that cargo-fuzz sets, of which
# none asks for a nightly compiler.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=1"
export CARGO_TARGET_DIR=$CARGO_TARGET_DIR-fuzz
step "Building the fuzz targets" "4 minutes the first time on two cores"
# With --target, so that build scripts are not instrumented.
cargo build --locked --release --bins --target "$host"

# A config is written to a file for each case; in memory, that wears nothing.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
for target in $targets; do
  corpus=${CONCH_FUZZ_CORPUS:-$CONCH_CACHE/fuzz}/$target
  log=$CONCH_CACHE/fuzz/$target.log
  mkdir -p "$corpus" "$CONCH_CACHE/fuzz"
  step "Fuzzing $target" "$seconds seconds"
  # shellcheck disable=SC2046 # lists of words
  "$CARGO_TARGET_DIR/$host/release/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=512 \
    -artifact_prefix="$CONCH_CACHE/fuzz/$target-" -print_final_stats=1 -verbosity=0 $(options "$target") "$@" \
    "$corpus" $(cases "$target") >"$log" 2>&1 || {
    grep -v NEW_FUNC "$log" | head -n 60 >&2
    die "the fuzz target $target found a case" "the whole log: $log" \
      "$(grep -o 'Test unit written to .*' "$log" || true)"
  }
  note "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs, none of them broke anything"
done
