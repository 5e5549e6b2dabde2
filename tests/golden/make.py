#!/usr/bin/env python3
"""Makes everything in this folder anew: what Pillow says of hard images.

    pip install -r requirements.txt && python make.py

Run by hand by a maintainer, not by the tests. README.md describes each file that it writes.
"""

import json
from pathlib import Path

import numpy
import PIL

import files
import hostile
import jpegs
import resize
import squares

HERE = Path(__file__).resolve().parent


def write(name: str, cases: list[dict]) -> None:
    """A case a line, so that a change shows as one."""
    lines = ",\n".join("  " + json.dumps(case, separators=(", ", ": ")) for case in cases)
    head = f'{{\n"pillow": "{PIL.__version__}",\n"numpy": "{numpy.__version__}",\n"cases": [\n'
    (HERE / name).write_text(f"{head}{lines}\n]\n}}\n", encoding="utf-8", newline="\n")
    print(f"{name}: {len(cases)} cases")


def fresh(name: str) -> Path:
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


if __name__ == "__main__":
    write("files.json", files.make(fresh("files")))
    write("hostile.json", hostile.make(fresh("hostile")))
    write("jpegs.json", jpegs.make(fresh("jpegs")))
    write("resize.json", resize.make())
    write("squares.json", squares.make())
