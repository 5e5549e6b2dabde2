"""A photo's file, in memory, to the model's tensor, on one thread of the host."""

from photos import SIDES, photo

FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP"}


def run(bench):
    native, pillow = bench.native(), bench.python("pillow_arm.py")
    bench.uses(**native.ask(do="versions"), **pillow.ask(do="versions"))
    bench.note(
        "The crates' decoders give all pixels to our resize, so that what differs is the decoder. Conch and Pillow "
        "(libjpeg-turbo) give the same bytes; zune-jpeg's differ a little. *Pillow, draft* lets libjpeg-turbo decode "
        "to an eighth to half of the size: its own way for thumbnails, with other bytes than the notebook's."
    )
    photos = [(2, "jpg"), (12, "jpg"), (48, "jpg"), (12, "png"), (12, "webp")]
    for size, ending in photos[:1] if bench.quick else photos:
        path = str(photo(size, ending))
        peers = {"Pillow": pillow.arm(do="decode", path=path)}
        if ending == "jpg":
            peers["Pillow, draft"] = pillow.arm(do="decode", path=path, how="draft")
            peers["zune-jpeg"] = native.arm(do="decode", how="zune", path=path)
        # Its JPEG decoder is zune-jpeg.
        peers["image"] = native.arm(do="decode", how="image", path=path)
        what = f"file to tensor, {size} MP {FORMATS[ending]}"
        yield from bench.compare(what, ("Conch", native.arm(do="decode", how="conch", path=path)), peers)
    yield bench.curve(
        "decode", "JPEG file to tensor on one thread", "megapixels", "milliseconds",
        (1, 2) if bench.quick else SIDES,
        lambda size: {
            "Pillow": pillow.arm(do="decode", path=str(photo(size))),
            "Pillow, draft": pillow.arm(do="decode", path=str(photo(size)), how="draft"),
            "zune-jpeg": native.arm(do="decode", how="zune", path=str(photo(size))),
            "Conch": native.arm(do="decode", how="conch", path=str(photo(size))),
        },
    )  # fmt: skip
