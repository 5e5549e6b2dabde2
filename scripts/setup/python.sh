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

make_venv "$python" "$new" "$requirements" "the converter's"

# A venv that was moved works as long as it is called as bin/python, which is all we do.
[ -e "$venv" ] || mv "$new" "$venv"
echo "$venv/bin/python"
