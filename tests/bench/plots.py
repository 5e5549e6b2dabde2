"""Cost against size as a line plot, in SVG: both axes logarithmic, so that a constant factor is a
constant distance. Legible on light and dark ground alike. About a hundred lines in place of a
plotting library, which would be the largest thing that the bench installs."""

import math
from html import escape


WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 40, 48
# Okabe and Ito's colours, which colour-blind people can tell apart; told from both grounds.
COLOURS = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7f7f7f"]
STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-size: 14px; font-weight: 600 }
.grid { stroke: #8886; stroke-width: .5 }
.line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } }"""


def svg(curve):
    """The plot of a `results.Curve`."""
    points = [point for line in curve.lines.values() for point in line]
    xs, ys = sorted({x for x, _ in points}), [y for _, y in points]
    across = axis(xs[0], xs[-1], LEFT, WIDTH - RIGHT)
    y_marks = marks(min(ys), max(ys))
    up = axis(y_marks[0], y_marks[-1], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(curve.title)}</title>",
        f"<style>{STYLE}</style>",
        text(LEFT, 20, curve.title, "start", "title"),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, curve.x),
        text(16, (TOP + HEIGHT - BOTTOM) / 2, curve.y, turned=True),
    ]
    for value in y_marks:
        parts.append(f'<path class="grid" d="M{LEFT} {up(value):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(text(LEFT - 8, up(value) + 4, plain(value), "end"))
    for value in xs:
        parts.append(f'<path class="grid" d="M{across(value):.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(text(across(value), HEIGHT - BOTTOM + 18, plain(value)))
    ends = []
    for (name, line), colour in zip(curve.lines.items(), COLOURS * len(curve.lines)):
        line = sorted(tuple(point) for point in line)
        path = "L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in line)
        parts.append(f'<path class="line" stroke="{colour}" d="M{path}"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}"/>' for x, y in line]
        ends.append((up(line[-1][1]), name, colour))
    parts += names(ends)
    return "\n".join([*parts, "</svg>", ""])


def axis(low, high, begin, end):
    """From a value to a place."""
    span = math.log(high / low) or 1.0
    return lambda value: begin + (end - begin) * math.log(value / low) / span


def marks(low, high):
    """Round values, 1, 2 and 5 times a power of ten, of which the first and the last enclose all."""
    steps = [step * 10.0**power for power in range(-9, 10) for step in (1, 2, 5)]
    first = max(index for index, step in enumerate(steps) if step <= low)
    last = min(index for index, step in enumerate(steps) if step >= high)
    chosen = steps[first : max(last, first + 1) + 1]
    # More than about ten lines are no help.
    return chosen if len(chosen) <= 10 else [chosen[0], *(step for step in chosen[1:-1] if f"{step:e}"[0] == "1"), chosen[-1]]


def names(ends):
    """Each line's name beside its end, moved down where two would touch."""
    parts, free = [], 0.0
    for y, name, colour in sorted(ends):
        y = max(y + 4, free)
        free = y + 15
        parts.append(f'<circle cx="{WIDTH - RIGHT + 14}" cy="{y - 4:.1f}" r="4" fill="{colour}"/>')
        parts.append(text(WIDTH - RIGHT + 24, y, name, "start"))
    return parts


def text(x, y, words, anchor="middle", kind="", turned=False):
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}{turn}>{escape(words)}</text>'


def plain(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"
