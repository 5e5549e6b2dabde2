"""Whole servers with the same model on the same cores: the embedded engine, a real Triton, and `conch`
before that Triton."""

import tempfile

import requests
from processes import conch, triton
from results import Measure, at_least, at_most
from session import MODEL

TRITON = "Triton"
CLIENTS, BATCHES = (1, 2, 4, 8, 16, 32, 64), (1, 2, 4, 8, 16, 32)
# Photos of one reading.
PHOTOS = 96
RATE = Measure("per_second", "requests a second", "", 1)


def run(bench):
    native, repository = bench.native(), bench.one_model()
    folder = bench.enter_context(tempfile.TemporaryDirectory(prefix="conch-bench-"))
    peer = bench.enter_context(triton(repository))
    embedded = bench.enter_context(conch(bench.conch(), repository=repository))
    before = bench.enter_context(conch(bench.conch(), "--triton", peer.url, repository=repository))
    servers = {"Conch, embedded": embedded, TRITON: peer, "Conch before Triton": before}
    bench.uses(Triton="2.51.0")
    bench.note(
        "The Triton is NVIDIA's own tritonserver out of the wheel nvidia-pytriton, with a Python-based backend that runs the same "
        "ONNX Runtime (ARCHITECTURE.md, \"A Triton without its image\"): the official image's backend in C++ would be quicker. "
        "All get the same FP32 tensors by `/v2/models/…/infer`, from the same load generator on the same cores."
    )

    def arm(server, clients=1, photos=1):
        count = max(PHOTOS // photos, clients)
        return requests.load(native, server, f"/v2/models/{MODEL}/infer", requests.body(folder, "FP32", photos), clients, count)

    for clients in (1, 16):
        yield from bench.compare(
            f"embedded, {clients} client{'s' * (clients > 1)}",
            ("Conch", arm(embedded, clients)),
            {TRITON: arm(peer, clients)},
            [
                Measure("p50", "p50", "ms", 1e3, targets={TRITON: at_most(1)}),
                Measure("p99", "p99", "ms", 1e3),
                Measure("per_second", RATE.name, RATE.unit, RATE.scale, targets={TRITON: at_least(1)}),
            ],
        )
        yield from bench.compare(
            f"`conch` before Triton, {clients} client{'s' * (clients > 1)}",
            ("Conch", arm(before, clients)),
            {TRITON: arm(peer, clients)},
            [Measure("p50", "p50", "ms", 1e3), Measure("p99", "p99", "ms", 1e3), RATE],
        )
    points = 3 if bench.quick else 10
    yield bench.curve(
        "clients", "Throughput by clients, one photo a request", "clients", "photos a second",
        (1, 16) if bench.quick else CLIENTS,
        lambda clients: {name: arm(server, clients) for name, server in servers.items()}, RATE, points,
    )  # fmt: skip
    yield bench.curve(
        "batches", "Time of a request by its photos, one client", "photos a request", "milliseconds",
        (1, 8) if bench.quick else BATCHES,
        lambda photos: {name: arm(server, 1, photos) for name, server in servers.items()},
        Measure("p50", "p50", "ms", 1e3), points,
    )  # fmt: skip
