"""resize.json: RGB pixels, shortest side resized, centre crop, and the notebook's tensor.

The rule for sizes is the notebook's: (int(round(resize / min * side))) in float64 with Python's
round (half to even), in this order of operations; the crop starts at (size - crop) // 2 (for
the notebook's even crop the same as size // 2 - crop // 2).
"""

import hashlib

import numpy as np
from PIL import Image

from patterns import picture

MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)

# (pattern, width, height, seed); for checker and stripes the seed is the period. 256/224.
NOTEBOOK = [
    # Sides of one pixel: every tap is clamped.
    ("noise", 1, 1, 11), ("noise", 1, 9, 12), ("noise", 9, 1, 13), ("noise", 1, 1000, 14),
    ("noise", 2000, 1, 15), ("extremes", 1, 9, 16), ("gradient", 2, 1, 17),
    # Upscales.
    ("noise", 3, 2, 21), ("extremes", 3, 2, 22), ("noise", 100, 80, 23), ("extremes", 80, 100, 24),
    ("noise", 223, 255, 25), ("checker", 223, 255, 1), ("impulse", 100, 80, 26), ("noise", 255, 255, 27),
    ("gradient", 37, 53, 28),
    # One or both sides stay as they are.
    ("noise", 256, 256, 31), ("noise", 256, 300, 32), ("noise", 257, 256, 33), ("noise", 300, 256, 34),
    ("checker", 256, 300, 1), ("extremes", 257, 257, 35), ("stripes", 257, 256, 1),
    # The long side ends in .5: 256.5 to 256, 257.5 to 258, 258.5 to 258, both ways.
    ("noise", 513, 512, 41), ("noise", 515, 512, 42), ("noise", 512, 517, 43), ("noise", 512, 515, 44),
    ("noise", 1026, 1024, 45), ("noise", 1024, 1030, 46), ("noise", 1539, 1536, 47), ("noise", 1545, 1536, 48),
    # Odd sizes down, where scale and centre are no round numbers.
    ("noise", 481, 641, 51), ("noise", 333, 777, 52), ("noise", 1023, 767, 53), ("extremes", 1511, 1133, 54),
    ("gradient", 1001, 999, 55), ("impulse", 640, 480, 56), ("impulse", 999, 777, 57),
    # Fine structure, where aliasing and rounding would show.
    ("checker", 512, 512, 1), ("checker", 511, 513, 1), ("checker", 640, 480, 3), ("checker", 769, 1025, 7),
    ("stripes", 512, 512, 1), ("stripes", 767, 511, 2), ("stripes", 1000, 600, 5),
    # Phones and panoramas.
    ("noise", 4000, 3000, 61), ("extremes", 3000, 4000, 62), ("gradient", 4000, 3000, 63), ("checker", 3000, 4000, 1),
    ("noise", 6000, 500, 64), ("noise", 500, 6000, 65), ("noise", 3000, 257, 66),
    # Tall photos: Pillow 13 runs the vertical pass first where rows shrink by more than twice as
    # many as columns (ImagingResampleInner in Resample.c): h - H > 2 * (w - W), with h > H. At the
    # limit, just past it, well past it.
    ("noise", 333, 668, 91), ("noise", 333, 669, 92), ("noise", 1080, 1920, 93),
    ("noise", 1000, 2000, 67), ("noise", 300, 599, 68), ("noise", 300, 601, 69), ("noise", 512, 1024, 84),
    ("noise", 512, 1026, 85), ("extremes", 700, 1601, 86), ("gradient", 900, 2700, 87), ("checker", 640, 1500, 3),
    ("impulse", 1080, 2400, 88), ("stripes", 1080, 2340, 5),
]
# The same with (…, resize, crop).
OTHERS = [
    ("noise", 640, 427, 71, 232, 224), ("noise", 459, 432, 72, 232, 224), ("noise", 640, 427, 73, 256, 256),
    ("noise", 427, 640, 74, 299, 299), ("extremes", 1000, 750, 75, 299, 299),
    # A plain 3:2: 299 / 390 * 585 is 448.50000000000006 in float64, hence 449; then one below.
    ("noise", 585, 390, 76, 299, 299), ("noise", 594, 468, 77, 299, 299),
    # Odd differences: the crop starts half a pixel off the centre.
    ("noise", 97, 64, 78, 64, 33), ("noise", 65, 101, 79, 64, 33), ("noise", 1200, 900, 80, 480, 475),
    ("noise", 481, 480, 81, 480, 475), ("checker", 999, 1000, 2, 480, 475),
    ("noise", 500, 400, 82, 1, 1), ("noise", 31, 17, 83, 1024, 1023),
]


def reference(pixels: np.ndarray, resize: int, crop: int) -> np.ndarray:
    image = Image.fromarray(pixels, "RGB")
    scale = resize / min(image.size)
    size = tuple(int(round(scale * side)) for side in image.size)
    assert min(size) == resize
    left, top = ((side - crop) // 2 for side in size)
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR).crop((left, top, left + crop, top + crop)))


def tensor(crop: np.ndarray) -> bytes:
    """CHW, little-endian float32; every operation in float32."""
    values = (crop.astype(np.float32) / np.float32(255) - MEAN) / STD
    assert values.dtype == np.float32
    return values.transpose(2, 0, 1).astype("<f4").tobytes()


def make() -> list[dict]:
    cases = []
    for pattern, width, height, seed, resize, crop in [(*case, 256, 224) for case in NOTEBOOK] + OTHERS:
        cropped = reference(picture(pattern, width, height, seed), resize, crop)
        cases.append({
            "name": f"{pattern} {width}x{height} to {resize}/{crop}, seed {seed}",
            "pattern": pattern, "width": width, "height": height, "seed": seed,
            "resize": resize, "crop": crop,
            "crop_sha256": hashlib.sha256(cropped.tobytes()).hexdigest(),
            "tensor_sha256": hashlib.sha256(tensor(cropped)).hexdigest(),
        })
    assert len({case["name"] for case in cases}) == len(cases)
    return cases
