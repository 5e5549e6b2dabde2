"""What a person waits for: from a photo to its label, over a line of 20 Mbit/s and 30 ms."""

import json
import sys
from importlib.metadata import version

from arms import Unavailable
from photos import photo
from processes import conch, free_port, server
from results import Number, at_most, time
from session import MODEL

MEGABITS, ROUND_TRIP_MS = 20, 30
UPLOAD, IN_PAGE = "JPEG upload, FastAPI", "onnxruntime-web"
LABEL = "espresso"


def run(bench):
    repository, browser = bench.one_model(), bench.browser()
    model, labels = repository / MODEL / f"1/{MODEL}.onnx", repository / MODEL / "labels.txt"
    ours = bench.enter_context(conch(bench.conch(), repository=repository))
    port = free_port()
    upload = [sys.executable, bench.here / "peers/upload_server.py", port, model, labels, bench.here / "pages"]
    bench.enter_context(server("the upload server", upload, port, "/upload.html"))
    page = browser.ask(do="serve-pages", model=str(model), labels=str(labels))
    bench.uses(**versions(bench))
    bench.note(
        f"All over the same kind of line, {MEGABITS} Mbit/s each way and {ROUND_TRIP_MS} ms there and back, by a relay "
        "(tests/bench/link.py) in front of each server; browser, relay and server share this machine's cores. The same "
        "model, EfficientNet-Lite0, everywhere. A label counts when it is in the page. TCP's slow start "
        "is left out, which spares large transfers most."
    )
    addresses = {name: line(bench, where) for name, where in [("conch", ours.address), ("upload", f"127.0.0.1:{port}"), ("ort", page["address"])]}
    yield from photo_to_label(bench, browser, addresses)
    yield from first_visit(bench, browser, addresses)
    yield from bytes_sent(browser, addresses)


def photo_to_label(bench, browser, addresses):
    """The page is open, and only the photo is new."""
    for name, address in [("conch", addresses["conch"]), ("upload", f"{addresses['upload']}/upload.html")]:
        browser.ask(do="open-page", name=name, address=address)
    for size in (2, 12):
        path = str(photo(size))
        yield from bench.compare(
            f"photo to label on an open page, {size} MP JPEG",
            ("Conch", Checked(browser.arm(do="classify", name="conch", path=path))),
            {UPLOAD: Checked(browser.arm(do="classify", name="upload", path=path))},
            [time(**{UPLOAD: at_most(0.6)})],
        )


def first_visit(bench, browser, addresses):
    """Nothing of the page is there yet."""
    path = str(photo(12))
    yield from bench.compare(
        "address to label on a first visit, 12 MP JPEG",
        ("Conch", Checked(browser.arm(do="visit", address=addresses["conch"], path=path))),
        {
            IN_PAGE: Checked(browser.arm(do="visit", address=f"{addresses['ort']}/ort.html", path=path)),
            UPLOAD: Checked(browser.arm(do="visit", address=f"{addresses['upload']}/upload.html", path=path)),
        },
        [time(**{IN_PAGE: at_most(0.3)})],
    )


def bytes_sent(browser, addresses):
    """What the page really sends: the tensor, without the header that the protocol puts before it."""
    browser.ask(do="open-page", name="counted", address=addresses["conch"])
    sent = browser.ask(do="classify", name="counted", path=str(photo(2)))["sent"]
    tensor = sum(request["body"] - request["header"] for request in sent)
    yield Number("bytes of the tensor that the page sends for a photo, over those of FP32", tensor / (4 * 3 * 224 * 224), "", at_most(0.25))
    yield Number("the same with the protocol's header", sum(request["body"] for request in sent), "bytes")
    yield Number("the file that an upload sends, 12 MP JPEG", photo(12).stat().st_size, "bytes")


def line(bench, address):
    """The slow line's address in front of a server."""
    relay = bench.child(sys.executable, bench.here / "link.py", address.split(":")[1], MEGABITS, ROUND_TRIP_MS)
    return f"127.0.0.1:{int(relay.process.stdout.readline())}"


def versions(bench):
    package = bench.here / "node_modules/onnxruntime-web/package.json"
    if not package.exists():
        raise Unavailable("onnxruntime-web is not here (scripts/setup/bench.sh)")
    names = ["fastapi", "uvicorn", "pillow", "onnxruntime"]
    return {**{name: version(name) for name in names}, IN_PAGE: json.loads(package.read_text())["version"]}


class Checked:
    """An arm whose answer must be the right one: a quick wrong label is no result."""

    def __init__(self, arm):
        self.arm = arm

    def run(self):
        reading = self.arm.run()
        if reading["label"] != LABEL:
            raise Unavailable(f"a wrong label: expected {LABEL}, found {reading['label']} by {self.arm.request}")
        return reading
