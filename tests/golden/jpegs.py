"""jpegs.json and jpegs/: JPEG files of all kinds that are decoded row by row, and Pillow's bytes.

Most are written by Pillow; what it does not write (other samplings, scans of one component, 16-bit
quantisation tables) by `written`, from random coefficients.
"""

import hashlib
import io
import struct
from pathlib import Path

import numpy as np
from PIL import Image

from patterns import stream

ZIGZAG = [y * 8 + x for y, x in sorted(
    ((y, x) for y in range(8) for x in range(8)),
    key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]))]


def photo(width: int, height: int, seed: int) -> np.ndarray:
    """Waves with noise and hard edges: all coefficients occur, and values beyond 0 and 255."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    waves = np.stack([128 + 110 * np.sin(x / 7 + y / 13), 128 + 120 * np.cos(x / 19 - y / 5), 128 + 127 * np.sin(y / 11)], -1)
    noise = (stream(seed, width * height * 3) >> np.uint32(27)).reshape(height, width, 3).astype(np.float64) - 16
    edges = 200 * ((x // 9 + y // 6) % 5 == 0)[..., None]
    return (waves + noise + edges).clip(0, 255).astype(np.uint8)


def saved(width: int, height: int, seed: int, mode: str = "RGB", **options) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(photo(width, height, seed)).convert(mode).save(buffer, "JPEG", **options)
    return buffer.getvalue()


class Bits:
    def __init__(self):
        self.data, self.buffer, self.count = bytearray(), 0, 0

    def put(self, value: int, count: int):
        self.buffer, self.count = self.buffer << count | value, self.count + count
        while self.count >= 8:
            self.count -= 8
            byte = self.buffer >> self.count & 255
            self.data += bytes([byte, 0]) if byte == 255 else bytes([byte])

    def restart(self, marker: int | None):
        if self.count % 8:
            self.put((1 << 8 - self.count) - 1, 8 - self.count)
        if marker is not None:
            self.data += bytes([255, marker])


# Codes of one length for DC, of 8 and 13 bits for AC: half of these are beyond a decoder's short ones.
DC_SYMBOLS = list(range(12))
AC_SYMBOLS = [0, 0xF0] + [run << 4 | size for size in range(1, 11) for run in range(16)]
DC_CODES = {symbol: (at, 4) for at, symbol in enumerate(DC_SYMBOLS)}
AC_SHORT = 90
AC_CODES = {symbol: (at, 8) if at < AC_SHORT else ((AC_SHORT << 5) + at - AC_SHORT, 13) for at, symbol in enumerate(AC_SYMBOLS)}


def number(value: int) -> tuple[int, int]:
    size = abs(value).bit_length()
    return (value if value >= 0 else value + (1 << size) - 1), size


def put_block(bits: Bits, block: np.ndarray, before: int) -> None:
    value, size = number(int(block[0]) - before)
    bits.put(*DC_CODES[size])
    bits.put(value, size)
    run = 0
    for coefficient in block[1:np.flatnonzero(block)[-1] + 1 if block.any() else 1]:
        if coefficient == 0:
            run += 1
            continue
        while run > 15:
            bits.put(*AC_CODES[0xF0])
            run -= 16
        value, size = number(int(coefficient))
        bits.put(*AC_CODES[run << 4 | size])
        bits.put(value, size)
        run = 0
    if block[63] == 0:
        bits.put(*AC_CODES[0])


def segment(marker: int, body: bytes) -> bytes:
    return bytes([255, marker]) + struct.pack(">H", len(body) + 2) + body


def written(width: int, height: int, seed: int, factors: list[tuple[int, int]], *, apart=False, restart=0, wide=False, adobe=None, jfif=False) -> bytes:
    """Components of these factors; `apart`: a scan for each; `wide`: 16-bit tables, so SOF1."""
    max_h, max_v = max(h for h, _ in factors), max(v for _, v in factors)
    across, down = -(-width // (8 * max_h)), -(-height // (8 * max_v))
    random = iter(stream(seed, 200_000).tolist())

    def block() -> np.ndarray:
        values = np.zeros(64, np.int64)
        values[0] = next(random) % 121 - 60
        for _ in range(next(random) % 9):
            place = next(random) % 63 + 1 if next(random) % 4 == 0 else next(random) % 9 + 1
            values[place] = next(random) % 25 - 12
        return values

    blocks = [{(y, x): block() for y in range(down * v) for x in range(across * h)} for h, v in factors]
    table = [(300 if wide and at > 40 else 9 + at // 2) for at in range(64)]
    packed = struct.pack(">64H", *table) if wide else bytes(table)
    out = b"\xff\xd8"
    if jfif:
        out += segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    if adobe is not None:
        out += segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([adobe]))
    out += segment(0xDB, bytes([16 if wide else 0]) + packed)
    parts = b"".join(bytes([at + 1, h << 4 | v, 0]) for at, (h, v) in enumerate(factors))
    out += segment(0xC1 if wide else 0xC0, struct.pack(">BHHB", 8, height, width, len(factors)) + parts)
    out += segment(0xC4, b"\0" + bytes([0, 0, 0, 12] + [0] * 12) + bytes(DC_SYMBOLS))
    out += segment(0xC4, b"\x10" + bytes([0] * 7 + [AC_SHORT] + [0] * 4 + [len(AC_SYMBOLS) - AC_SHORT] + [0] * 3) + bytes(AC_SYMBOLS))
    if restart:
        out += segment(0xDD, struct.pack(">H", restart))

    every = range(len(factors))
    for scan in ([[at] for at in every] if apart or len(factors) == 1 else [list(every)]):
        if len(scan) == 1:
            h, v = factors[scan[0]]
            columns, rows = -(-(-(-width * h // max_h)) // 8), -(-(-(-height * v // max_v)) // 8)
            units = [[(scan[0], y, x)] for y in range(rows) for x in range(columns)]
        else:
            units = [[(at, uy * factors[at][1] + y, ux * factors[at][0] + x)
                      for at in scan for y in range(factors[at][1]) for x in range(factors[at][0])]
                     for uy in range(down) for ux in range(across)]
        bits, before = Bits(), [0] * len(factors)
        for count, unit in enumerate(units):
            if restart and count and count % restart == 0:
                bits.restart(0xD0 + (count // restart - 1) % 8)
                before = [0] * len(factors)
            for at, y, x in unit:
                put_block(bits, blocks[at][y, x], before[at])
                before[at] = int(blocks[at][y, x][0])
        bits.restart(None)
        out += segment(0xDA, bytes([len(scan)]) + b"".join(bytes([at + 1, 0]) for at in scan) + b"\0\x3f\0")
        out += bytes(bits.data)
    return out + b"\xff\xd9"


def files() -> dict[str, bytes]:
    made = {}
    sizes = [(1, 1), (2, 3), (5, 2), (16, 16), (17, 33), (31, 15), (64, 48), (67, 45), (3, 90), (120, 7)]
    seed = 500
    for sampling in ["4:4:4", "4:2:2", "4:2:0"]:
        for at, (width, height) in enumerate(sizes):
            for kind in ["baseline", "progressive"]:
                if kind == "progressive" and at % 2:
                    continue
                seed += 1
                made[f"{kind}_{sampling.replace(':', '')}_{width}x{height}"] = saved(
                    width, height, seed, subsampling=sampling, progressive=kind == "progressive", quality=60 + 4 * at)
    for quality in [1, 5, 25, 50, 75, 90, 98, 100]:
        seed += 1
        made[f"quality_{quality}"] = saved(45, 37, seed, quality=quality)
        made[f"quality_{quality}_progressive"] = saved(45, 37, seed, quality=quality, progressive=True, subsampling="4:4:4")
    made["grey"] = saved(53, 41, 601, "L", quality=80)
    made["grey_progressive"] = saved(53, 41, 602, "L", quality=80, progressive=True)
    made["rgb"] = saved(40, 30, 603, keep_rgb=True, quality=85)
    made["optimised"] = saved(66, 50, 604, optimize=True, quality=70)
    for blocks in [1, 3, 8]:
        made[f"restart_{blocks}"] = saved(71, 52, 605, restart_marker_blocks=blocks)
        made[f"restart_{blocks}_progressive"] = saved(71, 52, 606, restart_marker_blocks=blocks, progressive=True)
    three = lambda luma: [luma, (1, 1), (1, 1)]
    for name, factors in {
        "440": three((1, 2)), "411": three((4, 1)), "410": three((4, 2)), "441": three((1, 4)), "420": three((2, 2)),
        "chroma_41": [(4, 1), (2, 1), (2, 1)], "chroma_mixed": [(2, 2), (2, 1), (1, 2)], "chroma_larger": [(1, 1), (2, 2), (1, 2)],
        "311": three((3, 1)), "all_21": [(2, 1)] * 3, "24": three((2, 4)), "grey_22": [(2, 2)], "444": three((1, 1)),
    }.items():
        made[f"factors_{name}"] = written(61, 43, 700 + len(made), factors)
        made[f"factors_{name}_apart"] = written(38, 59, 800 + len(made), factors, apart=True, restart=5)
    made["narrow_440"] = written(2, 19, 901, three((1, 2)))
    made["narrow_420"] = written(4, 19, 902, three((2, 2)))
    made["narrow_411"] = written(3, 5, 903, three((4, 1)))
    made["sixteen_bits"] = written(50, 33, 904, three((2, 1)), wide=True)
    made["restart_factors"] = written(70, 40, 905, three((2, 2)), restart=2)
    made["adobe_rgb"] = written(33, 21, 906, three((1, 1)), adobe=0)
    made["adobe_ycc"] = written(33, 21, 907, three((1, 1)), adobe=1)
    made["adobe_and_jfif"] = written(33, 21, 908, three((1, 1)), adobe=0, jfif=True)
    # Four components: inks, or a YCC triple and black. Without Adobe's word, or with JFIF's, inks.
    four = lambda black: [(2, 2), (1, 1), (1, 1), black]
    made["cmyk"] = saved(67, 45, 909, "CMYK", quality=92)
    made["cmyk_progressive"] = saved(45, 37, 910, "CMYK", quality=70, progressive=True)
    made["inks"] = written(40, 29, 911, [(1, 1)] * 4)
    made["inks_jfif"] = written(40, 29, 912, [(1, 1)] * 4, jfif=True)
    made["inks_adobe"] = written(40, 29, 913, [(1, 1)] * 4, adobe=0)
    made["inks_apart"] = written(38, 59, 914, [(1, 1)] * 4, adobe=0, apart=True, restart=5)
    made["ycck"] = written(61, 43, 915, four((2, 2)), adobe=2)
    made["ycck_apart"] = written(61, 43, 916, four((1, 1)), adobe=2, apart=True)
    made["ycck_unknown"] = written(33, 21, 917, four((2, 2)), adobe=1)
    return made


def make(folder: Path) -> list[dict]:
    cases = []
    for name, file in files().items():
        (folder / f"{name}.jpg").write_bytes(file)
        pixels = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))
        height, width = pixels.shape[:2]
        cases.append({"name": f"{name}.jpg", "width": width, "height": height,
                      "rgb_sha256": hashlib.sha256(pixels.tobytes()).hexdigest()})
    return cases
