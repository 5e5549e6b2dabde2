"""What a group works with: arms in turn, child processes and servers that end with it, and the
paths of what was built for it."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

import blocks
import ratios
import results
from arms import Child, Unavailable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Blocks that are thrown away: caches, clocks and allocators have settled by then.
WARM_UP = 3
AGAIN = "ours again"
MODEL = "efficientnet_lite0"


class Bench(contextlib.ExitStack):
    """Closes, at the end of its group, what was opened through it."""

    def __init__(self, count, quick):
        super().__init__()
        self.blocks, self.quick = count, quick
        self.here, self.root = HERE, ROOT
        self.versions, self.notes = {}, []

    def path(self, variable, what):
        """A path that scripts/bench.sh has put into the environment."""
        path = os.environ.get(variable)
        if not path or not Path(path).exists():
            raise Unavailable(f"{what} is not here ({variable}={path or ''})")
        return Path(path)

    def conch(self):
        """The server, a release build."""
        return self.path("CONCH_BIN", "the server")

    def child(self, *command, **options):
        """A process of arms, for as long as the group lasts."""
        child = Child(command, **options)
        self.callback(child.close)
        return child

    def native(self):
        """The Rust arms of tests/bench/arms."""
        return self.child(self.path("CONCH_BENCH_ARMS", "the program of Rust arms"))

    def python(self, script, *args, **options):
        """Arms in Python, of tests/bench/peers."""
        return self.child(sys.executable, HERE / "peers" / script, *args, **options)

    def browser(self):
        """Arms in Chromium."""
        self.path("CONCH_CHROMIUM", "Chromium")
        if not (ROOT / "tests/e2e/node_modules/playwright").exists():
            raise Unavailable("Playwright, which drives the browser, is not here (scripts/setup/e2e.sh)")
        browser = self.child("node", HERE / "browser.mjs")
        self.uses(**browser.ask(do="versions"))
        return browser

    def one_model(self):
        """A model repository with EfficientNet-Lite0 alone, which every machine can have, so that all
        that take part run the same model."""
        model = ROOT / "model_repo" / MODEL
        if not (model / f"1/{MODEL}.onnx").exists():
            raise Unavailable(f"the model {MODEL} is not here (scripts/setup/models.sh)")
        folder = self.enter_context(tempfile.TemporaryDirectory(prefix="conch-bench-"))
        (Path(folder) / MODEL).symlink_to(model)
        return Path(folder)

    def uses(self, **versions):
        """Notes the version of something that takes part."""
        self.versions.update({name.replace("_", " "): str(version) for name, version in versions.items()})

    def note(self, sentence):
        """A sentence for the report."""
        self.notes.append(sentence)

    def measure(self, arms, count=None):
        """Runs arms in blocks, with a warm-up that does not count."""
        return blocks.measure(arms, count or self.blocks, 1 if self.quick else WARM_UP)

    def compare(self, what, ours, peers, measures=(results.time(),), floor=None, again=None, count=None, note=""):
        """Ours, (name, arm), against {name: arm} and, where there is one, against a floor, (name, arm).
        Ours runs a second time in each block, or `again` does: a second arm of the same."""
        name, arm = ours
        floors = dict([floor]) if floor else {}
        readings = self.measure({name: arm, AGAIN: again or arm, **peers, **floors}, count)
        for measure in measures:
            columns = {arm: [reading[measure.key] for reading in found] for arm, found in readings.items()}
            if measure.above_floor:
                base = columns[floor[0]]
                over = lambda a, b: ratios.above(columns[a], columns[b], base)
                value = lambda a: median(x - y for x, y in zip(columns[a], base)) * measure.scale
            else:
                over = lambda a, b: ratios.paired(columns[a], columns[b])
                value = lambda a: median(columns[a]) * measure.scale
            for peer in [*peers, *([] if measure.above_floor else floors)]:
                yield results.Comparison(
                    what=what, measure=measure.name, unit=measure.unit,
                    ours=name, ours_value=value(name), peer=peer, peer_value=value(peer),
                    ratio=over(name, peer), noise=over(AGAIN, name), blocks=len(columns[name]),
                    target=measure.targets.get(peer), is_floor=peer in floors, note=note,
                )  # fmt: skip

    def curve(self, name, title, x, y, sizes, arms, measure=results.time(), count=None):
        """A plot's lines: `arms(size)` gives {name: arm}; each point is the median of its blocks."""
        lines = {}
        for size in sizes:
            readings = self.measure(arms(size), count)
            for arm, found in readings.items():
                value = median(reading[measure.key] for reading in found) * measure.scale
                lines.setdefault(arm, []).append((size, value))
        return results.Curve(name, title, x, y, lines)
