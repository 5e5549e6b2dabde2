#!/usr/bin/env bash
# A virtual environment with what the model's converter needs; prints its interpreter's path.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pip.sh"

pinned_python "$ROOT/scripts/setup/requirements.txt" "numpy, onnx" "the converter's" \
  "Python packages for the model's converter" "15 seconds"
