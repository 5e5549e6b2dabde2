"""hostile/ and hostile.json: files that must end in a sentence (or a photo), never in a crash."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

import png
from files import noise, photo, saved

MEBIBYTE = 1 << 20
# What may come of a file: only an error, or, where decoders rightly differ in patience, either.
ERROR, IMAGE, EITHER = "error", "image", "either"


def squeezed(count: int) -> bytes:
    """`count` zero bytes, compressed about a thousand times."""
    return zlib.compress(bytes(count), 9)


def gif(width: int, height: int) -> bytes:
    """A GIF89a header with a 2-colour palette and one frame of that size with next to no data."""
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return screen + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00;"


def vp8x(width: int, height: int, frame: bytes) -> bytes:
    """An extended WebP that claims a canvas and holds `frame`, a chunk of another size."""
    canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def files() -> dict[str, tuple[str, str, bytes]]:
    jpeg = saved(Image.fromarray(noise(96, 128, 3, seed=131)), "JPEG", quality=75)
    good = png.png(noise(45, 67, 3, seed=132), png.RGB)
    webp = saved(Image.fromarray(photo()), "WEBP", lossless=True)
    small = png.header(8, 8, 8, png.RGB)
    end = png.chunk(b"IEND", b"")
    pixels = png.chunk(b"IDAT", zlib.compress(bytes(8 * 25)))
    return {
        "text.jpg": ("a text file named .jpg", ERROR, b"Dear reader, this is no photo at all.\n" * 3),
        "empty.jpg": ("zero bytes", ERROR, b""),
        "html.png": ("a web page saved as .png", ERROR, b"<!doctype html>\n<title>404</title>\n"),
        "truncated.jpg": ("a JPEG cut in the middle", EITHER, jpeg[: len(jpeg) // 2]),
        "header_only.jpg": ("a JPEG cut before its first pixel", ERROR, jpeg[: jpeg.index(b"\xff\xda")]),
        "random.jpg": ("random bytes behind a JPEG's first three", ERROR, b"\xff\xd8\xff" + noise(4096, seed=133).tobytes()),
        "wild_size.jpg": ("a JPEG that claims 65500×65500", ERROR, wild_jpeg(jpeg)),
        "truncated.png": ("a PNG cut in the middle", EITHER, good[: len(good) // 2]),
        "wild_size.png": ("a PNG header that claims 60000×60000", ERROR,
                          png.header(60_000, 60_000, 8, png.RGB) + png.chunk(b"IDAT", squeezed(1024)) + end),
        "zero_size.png": ("a PNG header that claims 0×0", ERROR, png.header(0, 0, 8, png.RGB) + pixels + end),
        "bad_checksum.png": ("a PNG with one bit of its pixels flipped", EITHER, flipped(good, len(good) // 2)),
        "pixel_bomb.png": ("a PNG of 8×8 whose pixels inflate to 24 MiB", EITHER,
                           small + png.chunk(b"IDAT", squeezed(24 * MEBIBYTE)) + end),
        "text_bomb.png": ("a PNG of 8×8 with a text that inflates to 24 MiB", EITHER,
                          small + png.chunk(b"zTXt", b"Comment\0\0" + squeezed(24 * MEBIBYTE)) + pixels + end),
        "profile_bomb.png": ("a PNG of 8×8 with a colour profile that inflates to 24 MiB", EITHER,
                             small + png.chunk(b"iCCP", b"icc\0\0" + squeezed(24 * MEBIBYTE)) + pixels + end),
        "hundred_megapixels.png": ("a true PNG of 10000×10000 white pixels, 1 bit each", IMAGE, hundred_megapixels()),
        "wild_size.gif": ("a GIF that claims 65535×65535", ERROR, gif(65_535, 65_535)),
        "no_frame.gif": ("a GIF without a frame", ERROR, gif(67, 45)[:19] + b";"),
        "wild_size.webp": ("a WebP whose canvas claims 16384×16384 around a small frame", ERROR,
                           vp8x(16_384, 16_384, webp[12:])),
        "wild_length.webp": ("a WebP whose lengths claim 4 GB", EITHER,
                             webp[:4] + b"\xfe\xff\xff\xff" + webp[8:16] + b"\xf0\xff\xff\xff" + webp[20:]),
        "truncated.webp": ("a WebP cut in the middle", EITHER, webp[: len(webp) // 2]),
        "wild_size.bmp": ("a BMP that claims 60000×60000", ERROR, wild_bmp()),
        "one_pixel.png": ("a PNG of one pixel", IMAGE, png.png(np.full((1, 1, 3), 77, dtype=np.uint8), png.RGB)),
    }


def wild_jpeg(jpeg: bytes) -> bytes:
    """Height and width stand 5 bytes behind the start-of-frame marker (ITU-T T.81, B.2.2)."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", 65_500, 65_500) + jpeg[at + 4 :]


def wild_bmp() -> bytes:
    """Width and height stand at byte 18 (BITMAPINFOHEADER)."""
    bmp = saved(Image.new("RGB", (4, 4)), "BMP")
    return bmp[:18] + struct.pack("<ii", 60_000, 60_000) + bmp[26:]


def flipped(file: bytes, at: int) -> bytes:
    return file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]


def hundred_megapixels() -> bytes:
    row = b"\0" + b"\xff" * 1250
    return (png.header(10_000, 10_000, 1, png.GREY) + png.chunk(b"IDAT", zlib.compress(row * 10_000, 9))
            + png.chunk(b"IEND", b""))


def make(folder: Path) -> list[dict]:
    cases = []
    for name, (what, outcome, file) in files().items():
        assert len(file) < 30_000, (name, len(file))
        (folder / name).write_bytes(file)
        cases.append({"name": name, "what": what, "outcome": outcome})
    return cases
