"""Photos of 1 to 48 megapixels, made once and kept in the cache: a sample photo, enlarged, with a
camera's noise on top, for without it an enlarged photo is so smooth that a decoder has next to nothing to do.

The noise is Gaussian, of a standard deviation of 4 of 255 in brightness and 1.5 in colour, the latter
coarser, as a phone's own processing leaves it. At quality 90 with colours at half resolution a photo of 12
megapixels is then a file of some 3 MB, which is what a phone's camera writes."""

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image

from session import ROOT

SAMPLE = ROOT / "frontend/assets/samples/coffee.png"
# Megapixels and sides, 4:3 as a phone's camera.
SIDES = {1: (1152, 864), 2: (1632, 1224), 3: (2048, 1536), 6: (2832, 2124), 12: (4000, 3000), 24: (5664, 4248), 48: (8000, 6000)}
SEED = 20_261_128
# A change of what this file makes is a change of this number.
EDITION = 1
SAVE = {"jpg": {"quality": 90, "subsampling": "4:2:0"}, "png": {"compress_level": 6}, "webp": {"quality": 90, "method": 2}}


def photo(megapixels, ending="jpg"):
    """The path of a photo's file: JPEG, PNG or WebP (lossy)."""
    cache = Path(os.environ.get("CONCH_CACHE", Path.home() / ".cache/conch")) / f"bench-photos-{EDITION}"
    path = cache / f"{megapixels}.{ending}"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        room = io.BytesIO()
        make(*SIDES[megapixels]).save(room, {"jpg": "JPEG"}.get(ending, ending.upper()), **SAVE[ending])
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(room.getvalue())
        unfinished.rename(path)
    return path


def make(width, height):
    sample = Image.open(SAMPLE).convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    noise = np.random.default_rng(SEED)
    pixels = np.asarray(sample).astype(np.float32)
    pixels += noise.normal(0, 4, (height, width, 1)).astype(np.float32)
    # Colour noise in blocks of 2 × 2.
    coarse = noise.normal(0, 1.5, (height // 2 + 1, width // 2 + 1, 3)).astype(np.float32)
    pixels += coarse.repeat(2, 0).repeat(2, 1)[:height, :width]
    return Image.fromarray(pixels.clip(0, 255).round().astype(np.uint8))
