#!/usr/bin/env bash
# A virtual environment with what the model's converter needs; prints its interpreter's path.
# Its name holds the digest of the requirements, so a change there makes a new one.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pip.sh"

requirements=$ROOT/scripts/setup/requirements.txt
venv=$CONCH_CACHE/python/$(sha256 "$requirements" | cut -c1-16)

# It runs, not only exists: a distribution's upgrade can take its interpreter away.
if "$venv/bin/python" -c 'import numpy, onnx' 2>/dev/null; then
  echo "$venv/bin/python"
  exit 0
fi

# The newest that every pinned wheel has a build for is 3.14.
step "Python packages for the model's converter" "15 seconds"
python=$(find_python 11 14) ||
  { debian_packages python3 python3-venv && python=$(find_python 11 14); } ||
  die "the converter of efficientnet_lite0 needs a Python from 3.11 to 3.14" \
    "looked for python3 and python3.11 to python3.14 in PATH" \
    "install one (Debian, Ubuntu: apt install python3 python3-venv), then run this again"

rm -rf "$venv"
mkdir -p "$CONCH_CACHE/python"
new=$(mktemp -d "$CONCH_CACHE/python/new.XXXXXX")
trap 'rm -rf "$new"' EXIT

"$python" -m venv "$new" >"$CONCH_CACHE/python/venv.log" 2>&1 ||
  { debian_packages python3-venv && "$python" -m venv --clear "$new" >>"$CONCH_CACHE/python/venv.log" 2>&1; } ||
  die "$python cannot make a virtual environment" \
    "it said: $(tail -n 1 "$CONCH_CACHE/python/venv.log")" \
    "install its venv module (Debian, Ubuntu: apt install python3-venv), then run this again"

# Wheels only: a source distribution would run code of its own while it is built.
"$new/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
  --require-hashes --requirement "$requirements" >&2 ||
  die "the converter's Python packages could not be installed" \
    "tried: pip install --require-hashes -r scripts/setup/requirements.txt, with $python" \
    "wheels are pinned for Python 3.11 to 3.14; behind a proxy or a mirror, set pip's own options (PIP_INDEX_URL, PIP_PROXY)"

# A venv that was moved works as long as it is called as bin/python, which is all we do.
[ -e "$venv" ] || mv "$new" "$venv"
echo "$venv/bin/python"
