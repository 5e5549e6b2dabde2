"""Runs us and the peers in turn on this machine, and says how we compare.

    scripts/bench.sh [GROUP…] [--blocks N] [--quick] [--write]

A full run replaces its groups in docs/benchmarks.json and writes docs/benchmarks.md anew, with
plots; the other groups stay as an earlier run left them. --quick takes few blocks, to see that a
group works: what it prints is no result, and it writes nothing unless --write is given.
"""

import argparse
import importlib
import sys
import time
import traceback

import machine
import report
from arms import Unavailable
from session import Bench

GROUPS = ["resize", "decode", "page", "proxy", "engine", "serving", "end-to-end"]
# Fewer say little: the interval of a median needs some thirty pairs.
BLOCKS, QUICK_BLOCKS = 30, 3


def arguments():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all, if none is named")
    parser.add_argument("--blocks", type=int, help=f"blocks that count ({BLOCKS}; with --quick {QUICK_BLOCKS})")
    parser.add_argument("--quick", action="store_true", help="few blocks and few sizes, to see that it works")
    parser.add_argument("--write", action="store_true", help="write the documents after a quick run, too")
    given = parser.parse_args()
    if strangers := set(given.groups) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(strangers))}; there are {', '.join(GROUPS)}")
    if given.blocks is None:
        given.blocks = QUICK_BLOCKS if given.quick else BLOCKS
    elif given.blocks < BLOCKS and not given.quick:
        parser.error(f"fewer than {BLOCKS} blocks are a --quick run")
    return given


def run_group(name, given):
    """What a group found, and what it has to say of itself, as it goes to JSON."""
    print(report.heading(name), flush=True)
    begin = time.time()
    with Bench(given.blocks, given.quick) as bench:
        found, failure = [], None
        try:
            group = importlib.import_module("groups." + name.replace("-", "_"))
            for item in group.run(bench):
                found.append(item)
                if line := report.line(item):
                    print(line, flush=True)
        except ModuleNotFoundError as error:
            if error.name != "groups." + name.replace("-", "_"):
                raise
            failure = "this group is not written yet"
        except Unavailable as error:
            failure = str(error)
        except Exception as error:  # noqa: BLE001 (the other groups go on)
            traceback.print_exc()
            failure = repr(error)
        if failure:
            print(f"  could not go on: {failure}", flush=True)
        return report.group(found, failure, bench, time.time() - begin)


def main():
    given = arguments()
    print(machine.describe(), flush=True)
    results = {name: run_group(name, given) for name in given.groups or GROUPS}
    if not given.quick or given.write:
        report.write(results, GROUPS)
    return any(result["failure"] for result in results.values())


if __name__ == "__main__":
    sys.exit(main())
