"""Starts a real Triton, `conch` with the embedded engine and `conch` before that Triton, and holds
both against it: with NVIDIA's own client, and with the notebook.

    python tests/clients/run.py path/to/conch

scripts/test-clients.sh puts in place what this needs.
"""

import os
import re
import subprocess
import sys

import check_tritonclient
from servers import ROOT, Recorder, conch, triton

NOTEBOOK = ROOT / "docs/lab.ipynb"
# All that `conch` may ask a Triton for; the rest of its API stays out of reach.
ASKED = re.compile(
    r"(GET /v2"
    r"|GET /v2/health/(live|ready)"
    r"|GET /v2/models/stats"
    r"|GET /v2/models/\w+(/versions/\d+)?(/ready|/config|/stats)?"
    r"|POST /v2/models/\w+(/versions/\d+)?/infer"
    r"|POST /v2/repository/index) HTTP/1\.1"
)


def five_lines(address):
    """What the notebook prints; of its settings only the port is changed."""
    command = [sys.executable, str(ROOT / "tests/clients/notebook.py"), str(NOTEBOOK)]
    environment = {**os.environ, "PORT": address.split(":")[1]}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        return done.stderr
    return "\n".join(done.stdout.splitlines()[-5:])


def main(program):
    failed = 0
    with triton() as real, Recorder(real) as recorder:
        expected = five_lines(real)
        print(f"the notebook, straight from Triton:\n{expected}", flush=True)
        for name, options in [("the embedded engine", []), ("a Triton", ["--triton", f"http://{recorder.address}"])]:
            with conch(program, *options) as address:
                print(f"NVIDIA's client through conch, with {name}:", flush=True)
                failed += check_tritonclient.run(address, real)
                found = five_lines(address)
                verdict = "the same five lines" if found == expected else f"FAILED:\n{found}"
                print(f"the notebook through conch, with {name}: {verdict}", flush=True)
                failed += found != expected
        strange = [line for line in recorder.requests if not ASKED.fullmatch(line)]
        print(f"{len(recorder.requests)} requests reached Triton; those that should not: {strange or 'none'}")
        failed += len(strange)
        # An empty list would show nothing.
        failed += not any("/infer" in line for line in recorder.requests)
    print(f"{failed} failed" if failed else "all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
