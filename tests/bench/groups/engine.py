"""The embedded engine, asked over HTTP, against ONNX Runtime, called straight with its best settings."""

import os
import tempfile
import time

import requests
from processes import conch
from results import Measure, Number, at_least, at_most
from session import MODEL

BATCHES = (1, 2, 4, 8, 16, 32)
CLIENTS = (1, 4, 16)
PEER = "ONNX Runtime straight"
# Photos of one reading.
PHOTOS = 96
IDLE_SECONDS = 10


def run(bench):
    repository = bench.one_model()
    onnx = bench.python("onnx_arm.py", repository / MODEL / f"1/{MODEL}.onnx")
    bench.uses(**onnx.ask(do="versions"))
    native, folder = bench.native(), bench.enter_context(tempfile.TemporaryDirectory(prefix="conch-bench-"))
    ours = bench.enter_context(conch(bench.conch(), repository=repository))
    best = best_settings(bench, onnx)
    bench.note(
        f"ONNX Runtime's best here, of one thread and of one for each core, each with and without spinning, and of batches "
        f"of {BATCHES[0]} to {BATCHES[-1]}: {best['threads']} threads, {'' if best['spinning'] else 'no '}spinning, batches of {best['batch']}. It gets a tensor that lies in "
        "its memory already. `conch` gets UINT8 photos as the page sends them, over connections of as many clients, which ask again as "
        "soon as they are answered and share the machine's cores with it; it normalises, runs, and answers labels. A batch time is what "
        "ONNX Runtime's best takes for as many photos as there are clients."
    )
    for clients in CLIENTS:
        arm = requests.load(native, ours, f"/api/models/{MODEL}/classify", requests.body(folder, "UINT8"), clients, PHOTOS)
        yield from bench.compare(
            f"embedded, {clients} client{'s' * (clients > 1)}",
            ("Conch", arm),
            {PEER: Straight(onnx.arm(do="run", photos=PHOTOS, **best), clients)},
            [
                Measure("per_second", "photos a second", "", 1, targets={PEER: at_least(0.95)}),
                Measure("p99", "p99 in batch times", "ms", 1e3, targets={PEER: at_most(3)}),
            ],
        )
    yield Number("processor time of a server that nobody asks, of one core", 100 * idle(ours), "%", at_most(1))


def best_settings(bench, onnx):
    """The settings with the most photos a second, by the median of some blocks."""
    settings = [
        {"threads": threads, "spinning": spinning, "batch": batch}
        for threads in sorted({1, len(os.sched_getaffinity(0))})
        for spinning in (False, True)
        for batch in BATCHES
    ]
    arms = {index: onnx.arm(do="run", photos=32, **setting) for index, setting in enumerate(settings)}
    found = bench.measure(arms, 1 if bench.quick else 5)
    rate = lambda index: sorted(reading["per_second"] for reading in found[index])[len(found[index]) // 2]
    return settings[max(arms, key=rate)]


class Straight:
    """What a client would wait for if its photo were in a batch with all others'."""

    def __init__(self, arm, clients):
        self.arm, self.clients = arm, clients

    def run(self):
        reading = self.arm.run()
        return reading | {"p99": self.clients / reading["per_second"]}


def idle(server):
    """Processor seconds a second, once what the last requests left has settled."""
    time.sleep(1)
    before = processor_seconds(server.pid)
    time.sleep(IDLE_SECONDS)
    return (processor_seconds(server.pid) - before) / IDLE_SECONDS


def processor_seconds(pid):
    """By the process's own clock, whose number is made of its own as `clock_getcpuclockid` makes it:
    threads that have ended count, too."""
    return time.clock_gettime((~pid << 3) | 2)
