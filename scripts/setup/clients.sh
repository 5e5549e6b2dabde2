#!/usr/bin/env bash
# A virtual environment with NVIDIA's own client for Triton, unmodified, and Pillow, for the checks
# of tests/clients/ and for the notebook docs/lab.ipynb; prints its interpreter's path.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pip.sh"

pinned_python "$ROOT/scripts/setup/clients-requirements.txt" "numpy, PIL, tritonclient.http" "the clients'" \
  "Python packages for the checks with Triton's own client" "30 seconds"
