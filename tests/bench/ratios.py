"""How much of the peer's cost ours is: ratios of what was measured in the same block, their median,
and how far chance can have moved it.

The interval is a percentile bootstrap (Efron 1979): the blocks are drawn anew, with replacement,
many times, and the middle 95 % of the results are given.
"""

from dataclasses import dataclass

import numpy as np

DRAWS = 10_000
# The same numbers give the same interval.
SEED = 20_261_128


@dataclass(frozen=True)
class Ratio:
    """Ours over theirs, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self):
        return f"{short(self.value)} ({short(self.low)} to {short(self.high)})"


def short(value):
    """Three digits that count, without an exponent.

    >>> [short(x) for x in (0.01234, 0.998, 1.0, 12.34, 1234.5, 0, float("inf"))]
    ['0.0123', '0.998', '1.00', '12.3', '1234', '0', '∞']
    """
    if value == 0:
        return "0"
    if np.isinf(value):
        return "∞"
    digits = 2 - int(np.floor(np.log10(abs(value))))
    return f"{value:.{max(0, digits)}f}"


def paired(ours, theirs):
    """The median of the ratios of paired measurements."""
    ours, theirs = positive(ours), positive(theirs)
    if len(ours) != len(theirs):
        raise ValueError(f"a ratio is of pairs: {len(ours)} of ours, {len(theirs)} of theirs")
    ratios = ours / theirs
    medians = np.median(ratios[draws(len(ratios))], axis=1)
    return Ratio(float(np.median(ratios)), *interval(medians))


def above(ours, theirs, floor):
    """What ours adds to the floor over what theirs adds to it. A difference can come near 0 or below
    in a single block, so this is a ratio of two medians of paired differences; the interval is still
    of whole blocks drawn anew. An end is infinite where nothing can be said about it."""
    ours, theirs, floor = positive(ours), positive(theirs), positive(floor)
    ours, theirs = ours - floor, theirs - floor
    drawn = draws(len(ours))
    over, under = np.median(ours[drawn], axis=1), np.median(theirs[drawn], axis=1)
    value = quotient(np.median(ours), np.median(theirs))
    return Ratio(float(value), *interval(quotient(over, under)))


def quotient(over, under):
    """Infinite where the divisor is not above 0: there is nothing to compare with."""
    over, under = np.asarray(over, float), np.asarray(under, float)
    return np.divide(over, under, out=np.full(np.shape(under), np.inf), where=under > 0)


def positive(values):
    values = np.asarray(values, float)
    if not len(values) or not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError(f"a cost is a finite number above 0: {values}")
    return values


def draws(count):
    return np.random.default_rng(SEED).integers(0, count, (DRAWS, count))


def interval(values):
    # Linear interpolation between two infinite neighbours would be no number.
    low, high = np.quantile(values, [0.025, 0.975], method="nearest")
    return float(low), float(high)


if __name__ == "__main__":
    import doctest
    import sys

    sys.exit(doctest.testmod().failed)
