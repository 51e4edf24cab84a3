"""From what was found to clean, residue or unknown. Pure.

Clean: every block that was read is of one class, the expected one, and none carries a mark of data. Residue outranks
unknown. A block that couldn't be read, or a scrap too short to tell, makes it unknown."""

from dataclasses import dataclass
from typing import Any

from privacy.readback.classes import CLASSES, family
from privacy.readback.odds import FRACTION, dirty_blocks, found_scattered, smallest_run
from privacy.readback.plan import BLOCK, Plan
from privacy.readback.scan import Run
from privacy.readback.tally import MOST, Tally

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`expected`: the fill that was judged by, `pattern:924924` with its unit; None if no block holds any fill."""

    verdict: str
    reasons: tuple[str, ...]
    expected: str | None
    hits: tuple[Json, ...]
    blocks_dirty: int


def judge(tally: Tally, asked: str | None) -> Judgement:
    """`asked` is the class that --expect names; without it the most frequent fill is the right one."""
    expected = tally.majority(asked) or asked
    odd = {name: count for name, count in tally.counts.items() if name != expected}
    unclear = odd.pop("short", 0) if expected in (None, "random") else 0
    hits = _hits(tally, expected, set(odd))
    reasons = []
    if hits or odd:
        reasons.append("residue")
    if tally.bad_total:
        reasons.append("bad_blocks")
    if unclear:
        reasons.append("too_short")
    if not tally.blocks_read and not tally.bad_total:
        reasons.append("nothing_read")
    verdict = "residue" if "residue" in reasons else "unknown" if reasons else "clean"
    return Judgement(verdict, tuple(reasons), expected, tuple(hits), sum(odd.values()))


def _hits(tally: Tally, expected: str | None, odd: set[str]) -> list[Json]:
    """One entry for each mark, one for each other block that isn't as expected; ascending, at most `MOST`."""
    found = [{"offset": start // BLOCK * BLOCK, "kind": kind, "at": start} for start, kind in tally.signs]
    named = {hit["offset"] for hit in found}
    for name in odd:
        for run in tally.runs.get(name, ()):
            found += [hit for hit in _of_run(run, expected, MOST) if hit["offset"] not in named]
    seen = set(named)
    for run in tally.partly:
        (hit,) = _of_run(run, expected, 1)
        if run[0] != expected and hit["offset"] not in seen and not (run[0] == "short" and expected == "random"):
            seen.add(hit["offset"])
            found.append(hit)
    return sorted(found, key=lambda hit: (hit["offset"], hit["at"]))[:MOST]


def _of_run(run: Run, expected: str | None, most: int) -> list[Json]:
    name, block, count, zero_at, ones_at = run
    kind = "structured" if name == "short" else family(name)
    first = ones_at if expected == "ff" else zero_at
    found = []
    for one in range(block, block + min(count, most)):
        found.append({"offset": one * BLOCK, "kind": kind, "at": first if first >= 0 else one * BLOCK})
    return found


def classes(tally: Tally) -> dict[str, int]:
    """Blocks of each class; `bad` are those that couldn't be read, so they aren't among the blocks read."""
    found = dict.fromkeys(CLASSES, 0) | {"bad": tally.bad_total}
    for name, count in tally.counts.items():
        found[family(name)] += count
    return found


def probability(plan: Plan, bad: int, expected: str | None) -> Json:
    """How likely this reading finds residue in one block of a thousand, and the smallest contiguous residue that it finds
    with 99 %, in bytes; None where nothing can be promised. Bad blocks count as if all of them had been missed."""
    dirty = dirty_blocks(plan.n)
    if plan.blocks is None:
        sure = plan.size > 0 and bad < max(dirty, 1)
        run = None if bad or expected in (None, "random") else 1
        return {"fraction": FRACTION, "found": "1.000000" if sure else "0.000000", "smallest_run": run}
    read = max(0, plan.drawn - bad)
    run = smallest_run(plan.n, read)
    return {"fraction": FRACTION, "found": found_scattered(plan.n, dirty, read), "smallest_run": run and run * BLOCK}
