# Wheels from the Python package registry that pip is configured for. Source it after lib.sh.
# shellcheck shell=bash

# find_python OLDEST NEWEST [MODULE]: prints the first Python 3.OLDEST to 3.NEWEST that has MODULE.
find_python() {
  local python
  for python in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9; do
    have "$python" || continue
    "$python" -c "import sys, ${3:-sys}; sys.exit(not (3, $1) <= sys.version_info[:2] <= (3, $2))" 2>/dev/null || continue
    command -v "$python"
    return 0
  done
  return 1
}

# find_pip: prints a Python that has pip. A bare Debian's has none, but a venv brings its own.
find_pip() { find_python 9 99 pip || "$ROOT/scripts/setup/python.sh"; }

# fetch_wheel PYTHON NAME==VERSION FILE SIZE SHA256 [PIP_OPTION…]: like `fetch`, through pip.
# Nothing of the wheel is run or installed. Returns 1, with nothing at FILE, when it cannot be
# had or is not what was pinned.
fetch_wheel() {
  local python=$1 what=$2 file=$3 size=$4 digest=$5 folder got
  shift 5
  checked "$file" "$size" "$digest" && return 0
  folder=$(mktemp -d "$CONCH_CACHE/downloads/wheel.XXXXXX")
  if ! "$python" -m pip download --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --dest "$folder" "$@" "$what" >&2; then
    rm -rf "$folder"
    return 1
  fi
  got=$(ls "$folder"/*.whl)
  if ! checked "$got" "$size" "$digest"; then
    note "$(basename "$got"): $(wc -c <"$got" | tr -d ' ') bytes, sha256 $(sha256 "$got"); expected $size bytes, $digest"
    rm -rf "$folder"
    return 1
  fi
  mv -f "$got" "$file"
  rm -rf "$folder"
}
