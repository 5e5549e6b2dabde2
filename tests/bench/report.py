"""What was found, in words: lines in the terminal, docs/benchmarks.json that keeps it, and
docs/benchmarks.md with plots, made from that file."""

import datetime
import json
from pathlib import Path

import machine
import plots
import ratios
from results import Comparison, Curve, Number, from_json, to_json
from session import ROOT

DOCS = ROOT / "docs"
# Written by hand: why a target is missed, and what was tried.
MISSED = Path(__file__).parent / "missed.md"
KEPT, TEXT, PLOTS = DOCS / "benchmarks.json", DOCS / "benchmarks.md", DOCS / "benchmarks"

INTRODUCTION = """\
# Benchmarks

Conch and its peers, in turn, on one machine: `make bench` makes this page. Each comparison runs in
blocks; in a block every arm runs once, in random order, and a ratio is of what was measured in the same
block. Given are the median of these ratios, ours over the peer's, and a 95 % interval (bootstrap). A cost
below 1 is less than the peer's. *Noise* is ours against ours in the same blocks: what differs from 1 by less than
that is no difference. A *floor* is no rival but the least that the work can take.
"""


def heading(name):
    return f"\n{name}\n{'-' * len(name)}"


def line(found):
    """A finding as lines for the terminal; none for a plot's."""
    if isinstance(found, Number):
        target = f"; target {found.target}: {found.verdict()}" if found.target else ""
        return f"  {found.what}: {amount(found.value, found.unit)}{target}"
    if isinstance(found, Comparison):
        target = f"; target {found.target}: {found.verdict()}" if found.target else ""
        return (
            f"  {found.what}, {found.measure}: {found.ours} {amount(found.ours_value, found.unit)}, "
            f"{found.peer} {amount(found.peer_value, found.unit)}\n"
            f"      ratio {found.ratio}, noise {found.noise}{target}"
        )
    return ""


def amount(value, unit):
    return f"{value:,.0f} {unit}" if unit == "bytes" else f"{ratios.short(value)} {unit}".strip()


def group(found, failure, bench, seconds):
    """A group's run, as it is kept."""
    return {
        "date": datetime.date.today().isoformat(),
        "machine": machine.facts(),
        "blocks": bench.blocks,
        "seconds": round(seconds),
        "versions": dict(sorted(bench.versions.items())),
        "notes": bench.notes,
        "failure": failure,
        "found": [to_json(item) for item in found],
    }


def write(results, order):
    """Puts these groups in the place of what was kept of them, and makes the page and its plots anew."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    kept |= results
    kept = {name: kept[name] for name in order if name in kept}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    PLOTS.mkdir(exist_ok=True)
    for old in PLOTS.glob("*.svg"):
        old.unlink()
    TEXT.write_text("\n".join([INTRODUCTION, *summary(kept), MISSED.read_text(), *(part for name in kept for part in section(name, kept[name]))]))


def summary(kept):
    """The targets of all groups, in one table."""
    items = [from_json(entry) for result in kept.values() for entry in result["found"]]
    items = [item for item in items if not isinstance(item, Curve) and item.target]
    yield "| what | against | target | found | |"
    yield "| --- | --- | --- | --- | --- |"
    for item in items:
        if isinstance(item, Number):
            yield f"| {item.what} | | {item.target} {item.unit} | {amount(item.value, item.unit)} | {item.verdict()} |"
        else:
            yield f"| {item.what}: {item.measure} | {item.peer} | {item.target} | {item.ratio} | {item.verdict()} |"
    yield ""


def section(name, result):
    yield f"## {name.capitalize()}\n"
    facts = [f"{key} {value}" for key, value in result["machine"].items() if value]
    yield f"{result['date']}, {result['blocks']} blocks, {result['seconds']} s. {'; '.join(facts)}.\n"
    if result["versions"]:
        yield "Versions: " + ", ".join(f"{key} {value}" for key, value in result["versions"].items()) + ".\n"
    if result["failure"]:
        yield f"**Could not go on**: {result['failure']}\n"
    for note in result["notes"]:
        yield f"{note}\n"
    items = [from_json(entry) for entry in result["found"]]
    comparisons = [item for item in items if isinstance(item, Comparison)]
    if comparisons:
        yield "| what | ours | peer | ratio (95 %) | noise | target |"
        yield "| --- | --- | --- | --- | --- | --- |"
        yield from (row(item) for item in comparisons)
        yield ""
    for item in items:
        if isinstance(item, Number):
            target = f" Target {item.target} {item.unit}: {item.verdict()}." if item.target else ""
            yield f"- {item.what}: {amount(item.value, item.unit)}.{target}{' ' + item.note if item.note else ''}"
    yield ""
    for note in dict.fromkeys(item.note for item in comparisons if item.note):
        yield f"{note}\n"
    for item in items:
        if isinstance(item, Curve):
            (PLOTS / f"{item.name}.svg").write_text(plots.svg(item))
            yield f"![{item.title}]({PLOTS.name}/{item.name}.svg)\n"


def row(item):
    peer = f"{item.peer}{' (floor)' if item.is_floor else ''}: {amount(item.peer_value, item.unit)}"
    target = f"{item.target}: {item.verdict()}" if item.target else ""
    ours = f"{item.ours}: {amount(item.ours_value, item.unit)}"
    return f"| {item.what}: {item.measure} | {ours} | {peer} | {item.ratio} | {item.noise} | {target} |"
