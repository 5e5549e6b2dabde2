"""In the browser: a photo's file to the model's tensor, in a worker; and what the page weighs."""

import numpy as np

from photos import SIDES, photo
from processes import conch
from results import Number, at_most, time

FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP"}
CANVAS = "canvas"
# What the peers' worker calls its ways, by the report's names.
WAYS = {CANVAS: "canvas", "bitmap of the square": "crop", "WebCodecs, pixels alone": "decoder"}


def run(bench):
    yield from weights(bench)
    browser = bench.browser()
    server = bench.enter_context(conch(bench.conch(), repository=bench.one_model()))
    pages = browser.ask(do="serve-pages")
    # Two of Conch's pages: the second is the A/A arm, with a worker of its own.
    for name in ("conch", "again"):
        browser.ask(do="open-decoders", name=name, address=server.address, conch=True)
    browser.ask(do="open-decoders", name="peers", address=pages["address"])
    bench.note(
        "From the file on the disk to the tensor in the page's hands. *Canvas*: `createImageBitmap`, drawn to 256, "
        "224 read back. *Bitmap of the square*: `createImageBitmap` with the square under the crop and "
        "`resizeQuality: medium`; the photo's sides are told to it, which a page would have to find out. *WebCodecs, "
        "pixels alone*: `ImageDecoder` and `copyTo` of that square, with no resize, so it is not yet a tensor."
    )
    for size, ending in [(2, "jpg"), (12, "jpg")] if bench.quick else [(2, "jpg"), (12, "jpg"), (48, "jpg"), (12, "png"), (12, "webp")]:
        yield from compare(bench, browser, size, ending)
    yield from exactness(browser)
    yield bench.curve(
        "page", "JPEG file to tensor in Chromium", "megapixels", "milliseconds",
        (1, 2) if bench.quick else SIDES,
        lambda size: {"Conch": decode(browser, "conch", None, size), **peers(browser, size)},
    )  # fmt: skip


def compare(bench, browser, size, ending):
    targets = {CANVAS: at_most(1)} if (size, ending) == (12, "jpg") else {}
    yield from bench.compare(
        f"file to tensor in Chromium, {size} MP {FORMATS[ending]}",
        ("Conch", decode(browser, "conch", None, size, ending)),
        peers(browser, size, ending),
        [time(**targets)],
        again=decode(browser, "again", None, size, ending),
    )


def peers(browser, size, ending="jpg"):
    return {name: decode(browser, "peers", how, size, ending) for name, how in WAYS.items()}


def decode(browser, name, how, size, ending="jpg"):
    width, height = SIDES[size]
    return browser.arm(
        do="decode-photo", name=name, how=how, path=str(photo(size, ending)), width=width, height=height
    )  # fmt: skip


def exactness(browser):
    """How far the canvas' pixels are from the notebook's, which Conch's are to the byte."""
    found = {
        name: np.array(browser.ask(**decode(browser, name, "canvas", 12).request, bytes=True)["bytes"], int)
        for name in ("conch", "peers")
    }
    difference = np.abs(found["conch"] - found["peers"])
    yield Number("canvas: mean difference of a pixel's values from the notebook's, 12 MP JPEG", float(difference.mean()), "of 255")
    yield Number("canvas: largest difference", int(difference.max()), "of 255")


def weights(bench):
    """Bytes over the wire: the compressed copies that the server hands out."""
    dist = bench.root / "frontend/dist"
    if not (dist / "index.html").exists():
        bench.note("What the page weighs is left out: it was not built.")
        return
    app, worker = 0, 0
    for file in dist.iterdir():
        if file.suffix not in (".js", ".wasm") or file.name == "sw.js":
            continue
        small = file.with_name(file.name + ".br")
        size = (small if small.exists() else file).stat().st_size
        if file.name.startswith("worker"):
            worker += size
        else:
            app += size
    yield Number("the app's wasm and JavaScript, brotli", app, "bytes", at_most(150_000))
    yield Number("the worker's wasm and JavaScript, brotli", worker, "bytes")
