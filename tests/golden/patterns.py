"""Synthetic pictures from integer formulas that any language repeats exactly.

Each is an array [height, width, 3] of bytes, from x, y, c (channel) and a seed, all unsigned
integers; `//` rounds down.

    noise     one xorshift32 stream (Marsaglia 2003, triple 13, 17, 5) over the samples in
              memory order (y, then x, then c). The state starts as the seed (never 0), steps
              s ^= s << 13; s ^= s >> 17; s ^= s << 5 in 32 bits before each sample, and the
              sample is the state's high byte, s >> 24.
    extremes  the same stream; 255 where the state's highest bit is set, else 0.
    checker   255 where (x // seed + y // seed + c) is odd, else 0.
    gradient  (x * (c + 1) + y * (3 - c) + seed) % 256
    stripes   255 where ((x + c) // seed) is odd, else 0.
    impulse   255 where (y * width + x + seed) % 97 == 0, else 0: lone white pixels on black.
"""

import numpy as np


def _xorshift(state: np.ndarray) -> np.ndarray:
    state = state ^ (state << np.uint32(13))
    state = state ^ (state >> np.uint32(17))
    return state ^ (state << np.uint32(5))


def stream(seed: int, count: int) -> np.ndarray:
    """The first `count` states after the seed.

    A step is linear over GF(2), so n steps are too: the image of each of the 32 bits under n
    steps gives n more states from n known ones, and the stream doubles.
    """
    assert seed != 0
    states = _xorshift(np.array([seed], dtype=np.uint32))
    bits = _xorshift(np.uint32(1) << np.arange(32, dtype=np.uint32))  # images under 1 step
    while len(states) < count:
        states = np.concatenate([states, _apply(bits, states[: count - len(states)])])
        bits = _apply(bits, bits)
    return states


def _apply(bits: np.ndarray, states: np.ndarray) -> np.ndarray:
    """The linear map whose images of the 32 bits are `bits`, of each state."""
    result = np.zeros_like(states)
    for bit in range(32):
        result ^= ((states >> np.uint32(bit)) & np.uint32(1)) * bits[bit]
    return result


def picture(pattern: str, width: int, height: int, seed: int) -> np.ndarray:
    if pattern in ("noise", "extremes"):
        states = stream(seed, height * width * 3).reshape(height, width, 3)
        high = (states >> np.uint32(24)).astype(np.uint8)
        return high if pattern == "noise" else np.where(high >= 128, 255, 0).astype(np.uint8)
    y, x, c = np.ogrid[:height, :width, :3]
    everywhere = np.zeros((height, width, 3), dtype=np.int64)
    if pattern == "gradient":
        return ((x * (c + 1) + y * (3 - c) + seed) % 256).astype(np.uint8)
    white = {
        "checker": lambda: (x // seed + y // seed + c) % 2 == 1,
        "stripes": lambda: ((x + c) // seed + 0 * y) % 2 == 1,
        "impulse": lambda: (y * width + x + seed + 0 * c) % 97 == 0,
    }[pattern]()
    return np.where(white + everywhere.astype(bool), 255, 0).astype(np.uint8)
