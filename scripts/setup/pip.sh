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

# make_venv PYTHON FOLDER REQUIREMENTS WHOSE: a virtual environment with the pinned wheels and no
# more. Ends with an error that says WHOSE packages these were to be.
make_venv() {
  local python=$1 folder=$2 requirements=$3 whose=$4 log=$CONCH_CACHE/venv.log
  "$python" -m venv "$folder" >"$log" 2>&1 ||
    { debian_packages python3-venv && "$python" -m venv --clear "$folder" >>"$log" 2>&1; } ||
    die "$python cannot make a virtual environment" \
      "it said: $(tail -n 1 "$log")" \
      "install its venv module (Debian, Ubuntu: apt install python3-venv), then run this again"

  # Wheels only: a source distribution would run code of its own while it is built.
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --require-hashes --requirement "$requirements" >&2 ||
    die "$whose Python packages could not be installed" \
      "tried: pip install --require-hashes -r ${requirements#"$ROOT/"}, with $python" \
      "behind a proxy or a mirror, set pip's own options (PIP_INDEX_URL, PIP_PROXY)"
}

# pinned_python REQUIREMENTS IMPORTS WHOSE STEP HOW_LONG: prints the interpreter of an environment
# with the pinned wheels, made where it is missing. Its folder's name holds the digest of the
# requirements, so a change there makes a new one. IMPORTS, comma-separated, must work in it.
pinned_python() {
  local requirements=$1 imports=$2 whose=$3 python new venv
  venv=$CONCH_CACHE/python/$(sha256 "$1" | cut -c1-16)

  # It runs, not only exists: a distribution's upgrade can take its interpreter away.
  if "$venv/bin/python" -c "import $imports" 2>/dev/null; then
    echo "$venv/bin/python"
    return
  fi

  # The newest that every pinned wheel has a build for is 3.14.
  step "$4" "$5"
  python=$(find_python 11 14) ||
    { debian_packages python3 python3-venv && python=$(find_python 11 14); } ||
    die "$whose packages need a Python from 3.11 to 3.14" \
      "looked for python3 and python3.11 to python3.14 in PATH" \
      "install one (Debian, Ubuntu: apt install python3 python3-venv), then run this again"

  rm -rf "$venv"
  mkdir -p "$CONCH_CACHE/python"
  new=$(mktemp -d "$CONCH_CACHE/python/new.XXXXXX")
  # shellcheck disable=SC2064 # the name as it is now
  trap "rm -rf '$new'" EXIT
  make_venv "$python" "$new" "$requirements" "$whose"

  # A venv that was moved works as long as it is called as bin/python, which is all we do.
  [ -e "$venv" ] || mv "$new" "$venv"
  echo "$venv/bin/python"
}
