"""Decoded pixels to the model's pixels, on one thread."""

from arms import Unavailable
from photos import SIDES, photo
from results import at_most, time

FAST = "fast_image_resize"
COPY = "memcpy of what must be read"


def run(bench):
    native, pillow = bench.native(), bench.python("pillow_arm.py")
    bench.uses(**native.ask(do="versions"), **pillow.ask(do="versions"))
    # All on one core, the same one for all: none has more than one thread.
    yield from bench.compare(
        "resize and crop, 12 MP RGB",
        ("Conch", rust(native, "crop", 12)),
        {"Pillow": python(pillow, 12), "image": rust(native, "image", 12)},
        [time(Pillow=at_most(0.15))],
        floor=(COPY, rust(native, "copy", 12)),
        note="Pillow and the crate `image` resize the whole photo, as they are used; Conch only what lies under the crop.",
    )
    # The floor of the line above is a target of its own.
    yield from bench.compare(
        "resize and crop, 12 MP RGB",
        ("Conch", rust(native, "crop", 12)),
        {COPY: rust(native, "copy", 12)},
        [time(**{COPY: at_most(3)})],
    )
    yield from bench.compare(
        "resize of the whole photo, 12 MP RGB",
        ("Conch", rust(native, "whole", 12)),
        {FAST: rust(native, "fast", 12), "image": rust(native, "image", 12)},
        [time(**{FAST: at_most(1)})],
        note="fast_image_resize takes the instructions that it finds (AVX2 at most, version 6.1), keeps its "
        "buffers from call to call, and is not exact: its weights have fewer bits than Pillow's.",
    )
    yield from in_wasm(bench)
    yield bench.curve(
        "resize", "Resize and crop on one thread", "megapixels", "milliseconds",
        (1, 12) if bench.quick else SIDES,
        lambda size: {
            "Pillow": python(pillow, size),
            "image": rust(native, "image", size),
            f"{FAST}, whole": rust(native, "fast", size),
            "Conch, whole": rust(native, "whole", size),
            "Conch, crop": rust(native, "crop", size),
            "memcpy": rust(native, "copy", size),
        },
    )  # fmt: skip


def in_wasm(bench):
    """The same in wasm with simd128, RGBA as a browser gives it, in the engine that Chromium has, too."""
    try:
        module = bench.path("CONCH_BENCH_WASM", "the arms compiled to wasm")
        node = bench.child("node", bench.here / "arms/wasm.mjs", module)
    except Unavailable as error:
        bench.note(f"In wasm: left out, {error}.")
        return
    bench.uses(node=node.ask(do="versions")["node"])
    width, height = SIDES[12]
    yield from bench.compare(
        "resize of the whole photo in wasm, 12 MP RGBA",
        ("Conch", node.arm(do="ours", width=width, height=height)),
        {FAST: node.arm(do="fast", width=width, height=height)},
        [time(**{FAST: at_most(1)})],
    )


def rust(native, how, size):
    return native.arm(do="resize", how=how, path=str(photo(size)))


def python(pillow, size):
    return pillow.arm(do="resize", path=str(photo(size)))
