"""What a group finds: comparisons, plain numbers, lines of a plot. All of it goes to JSON and back,
so that groups that ran at different times make one report."""

from dataclasses import asdict, dataclass, field

import ratios


@dataclass(frozen=True)
class Target:
    """What a ratio or a number must keep to."""

    bound: float
    at_least: bool = False

    def __str__(self):
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"

    def holds(self, value):
        return value >= self.bound if self.at_least else value <= self.bound


def at_most(bound):
    return Target(bound)


def at_least(bound):
    return Target(bound, at_least=True)


@dataclass(frozen=True)
class Measure:
    """One number out of an arm's readings. Above the floor: what is left when the floor's reading of
    the same block is taken away."""

    key: str = "seconds"
    name: str = "time"
    unit: str = "ms"
    scale: float = 1e3
    above_floor: bool = False
    # By the peer's name.
    targets: dict = field(default_factory=dict)


def time(**targets):
    """The readings' seconds, with a target for each peer that has one; names with spaces come as
    `**{"a name": at_most(1)}`."""
    return Measure(targets=targets)


@dataclass
class Comparison:
    """Ours against one peer, by one measure."""

    what: str
    measure: str
    unit: str
    ours: str
    ours_value: float
    peer: str
    peer_value: float
    ratio: ratios.Ratio
    # Ours against ours, in the same blocks.
    noise: ratios.Ratio
    blocks: int
    target: Target | None = None
    # A floor is no rival: nothing of the kind can be quicker.
    is_floor: bool = False
    note: str = ""

    def verdict(self):
        if self.target is None:
            return ""
        ends = [self.target.holds(end) for end in (self.ratio.low, self.ratio.high)]
        if not self.target.holds(self.ratio.value):
            return "missed"
        return "met" if all(ends) else "met, though not by the whole interval"


@dataclass
class Number:
    """Something that is counted, not timed: bytes, say."""

    what: str
    value: float
    unit: str
    target: Target | None = None
    note: str = ""

    def verdict(self):
        if self.target is None:
            return ""
        return "met" if self.target.holds(self.value) else "missed"


@dataclass
class Curve:
    """Lines of one plot: cost against size, each a list of (x, y)."""

    name: str
    title: str
    x: str
    y: str
    lines: dict


KINDS = {kind.__name__: kind for kind in (Comparison, Number, Curve)}


def to_json(found):
    return {"kind": type(found).__name__, **asdict(found)}


def from_json(entry):
    entry = dict(entry)
    kind = KINDS[entry.pop("kind")]
    for name, part in [("target", Target), ("ratio", ratios.Ratio), ("noise", ratios.Ratio)]:
        if entry.get(name) is not None:
            entry[name] = part(**entry[name])
    return kind(**entry)
