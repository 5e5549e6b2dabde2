"""squares.json: a square that somebody chose, cut out and resized to the model's side."""

import hashlib

import numpy as np
from PIL import Image

from patterns import picture

# (pattern, width, height, seed, left, top, side, crop)
CASES = [
    # Much larger than the crop, and with no round factor.
    ("noise", 4000, 3000, 101, 680, 188, 2625, 224), ("extremes", 3000, 4000, 102, 1, 999, 2999, 224),
    ("gradient", 1001, 999, 103, 2, 0, 999, 224), ("checker", 769, 1025, 3, 17, 31, 641, 224),
    # All of a square photo; the last pixel of each side.
    ("noise", 700, 700, 104, 0, 0, 700, 224), ("noise", 640, 480, 105, 391, 231, 249, 224),
    # Of the crop's own size, one off, exactly twice.
    ("noise", 500, 400, 106, 100, 50, 224, 224), ("noise", 500, 400, 107, 101, 51, 225, 224),
    ("extremes", 500, 400, 108, 99, 49, 223, 224), ("stripes", 600, 500, 2, 7, 9, 448, 224),
    # Enlarged: down to the smallest that the page lets anybody choose, and a single pixel.
    ("noise", 300, 200, 109, 120, 40, 81, 224), ("extremes", 300, 200, 110, 271, 171, 28, 224),
    ("noise", 30, 20, 111, 6, 1, 18, 224), ("impulse", 30, 20, 112, 10, 0, 20, 224), ("noise", 9, 9, 113, 4, 4, 1, 224),
    # Other models' sides; a panorama, a tall photo.
    ("noise", 6000, 500, 114, 5501, 1, 499, 299), ("noise", 500, 6000, 115, 0, 3333, 500, 240),
    ("gradient", 97, 64, 116, 30, 3, 61, 33),
]


def reference(pixels: np.ndarray, left: int, top: int, side: int, crop: int) -> bytes:
    square = Image.fromarray(pixels, "RGB").crop((left, top, left + side, top + side))
    return np.asarray(square.resize((crop, crop), Image.Resampling.BILINEAR)).tobytes()


def make() -> list[dict]:
    cases = []
    for pattern, width, height, seed, left, top, side, crop in CASES:
        assert left + side <= width and top + side <= height
        pixels = reference(picture(pattern, width, height, seed), left, top, side, crop)
        cases.append({
            "name": f"{side}x{side} at {left}, {top} of {pattern} {width}x{height} to {crop}, seed {seed}",
            "pattern": pattern, "width": width, "height": height, "seed": seed,
            "left": left, "top": top, "side": side, "crop": crop,
            "crop_sha256": hashlib.sha256(pixels).hexdigest(),
        })
    assert len({case["name"] for case in cases}) == len(cases)
    return cases
