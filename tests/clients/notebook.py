"""Runs a notebook's code cells as they are, one after the other, in the notebook's folder.

    HOST=… PORT=… python tests/clients/notebook.py docs/lab.ipynb

The cells' output is printed; a cell that raises ends the run with its traceback.
"""

import json
import os
import sys
from pathlib import Path


def run(path):
    path = Path(path).resolve()
    os.chdir(path.parent)
    names = {"__name__": "__main__"}
    for number, cell in enumerate(json.loads(path.read_text())["cells"]):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{path.name}, cell {number}", "exec"), names)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    run(sys.argv[1])
