"""A small PNG writer (W3C PNG, third edition) for what Pillow does not write: 16 bits a sample
in colour, Adam7 interlacing, and files that lie."""

import struct
import zlib

import numpy as np

GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6  # colour types, section 11.2.1
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Adam7, section 8.1: first column, first row, column step, row step of each pass.
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width: int, height: int, depth: int, colour: int, interlaced: bool = False) -> bytes:
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def _rows(samples: np.ndarray) -> bytes:
    """Filter type 0 (none) in front of each row, samples big-endian."""
    if samples.size == 0:
        return b""
    big = samples.astype(samples.dtype.newbyteorder(">"))
    return b"".join(b"\0" + row.tobytes() for row in big)


def png(samples: np.ndarray, colour: int, interlaced: bool = False, extra: bytes = b"") -> bytes:
    """samples: [height, width, channels], u8 or u16; extra: chunks before the pixels."""
    height, width = samples.shape[:2]
    if interlaced:
        data = b"".join(_rows(samples[y::dy, x::dx]) for x, y, dx, dy in PASSES)
    else:
        data = _rows(samples)
    return (header(width, height, samples.dtype.itemsize * 8, colour, interlaced) + extra
            + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))
