"""What a run of nwipe was asked to do, from its list of options, or from its last line where the list is
missing."""

import re

from privacy.evidence.methods import FIXED, Method, find_method
from privacy.evidence.model import Verification
from privacy.evidence.readers.nwipe_runs import Job, Run
from privacy.evidence.readers.nwipe_script import Plan

VERIFY_OPTION: dict[str, Verification] = {"0 (off)": "none", "1 (last pass)": "last", "2 (all passes)": "all"}
VERIFY_SHORT: dict[str, Verification] = {"NV": "none", "VL": "last", "VA": "all"}
_BANNER = re.compile(r"nwipe ([0-9]{1,3})\.([0-9]{1,3})(\S{0,20})(?: Development code, not for production use!)?")
_MOST_PASSES = 1000
HIDDEN_TOLD = (0, 35)  # from here on the tool looks for hidden sectors and says what it found


def version_of(run: Run) -> str | None:
    """The version as the tool prints it; Debian's 0.34 calls itself 0.33, so it is a claim."""
    hit = _BANNER.fullmatch(run.option("banner") or f"nwipe {run.option('intro')}")
    return f"{hit[1]}.{hit[2]}{hit[3]}" if hit else None


def number_of(run: Run) -> tuple[int, int] | None:
    """The first two numbers of the version."""
    hit = _BANNER.fullmatch(run.option("banner") or f"nwipe {run.option('intro')}")
    return (int(hit[1]), int(hit[2])) if hit else None


def is_old(run: Run) -> bool:
    """Before 0.31 there was no error table and there were fewer lines."""
    number = number_of(run)
    return number is not None and number < (0, 31)


def sums_up(run: Run) -> bool:
    """From 0.41 on a third table tells the bytes erased."""
    number = number_of(run)
    return number is not None and number >= (0, 41)


def method_label(run: Run, job: Job | None = None) -> str | None:
    """The method's name: the option, else what the device's own first line says, else the last line."""
    invoked = next((event for event in job.events if event.kind == "invoke"), None) if job else None
    said = (run.option("method"), invoked.parts[0] if invoked else None, _total(run, 2))
    return next((label for label in said if label), None)


def _total(run: Run, part: int) -> str | None:
    return run.total[0][1][part] if run.total else None


def rounds_of(run: Run) -> int | None:
    text = run.option("rounds") or _total(run, 3) or ""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def verification_of(run: Run) -> Verification | None:
    """The option and the last line say it; if they disagree, the less of the two counts."""
    said = {VERIFY_OPTION.get(run.option("verify") or ""), VERIFY_SHORT.get(_total(run, 5) or "")}
    return next((kind for kind in VERIFY_OPTION.values() if kind in said), None)


def blank_of(run: Run) -> bool | None:
    if "options" in run.options:
        return "no_blank" not in run.options
    return {"B": True, "NB": False}.get(_total(run, 4) or "")


def _unlisted(label: str, job: Job) -> Method:
    """A method this program doesn't know: as many passes as its lines count, none of them called random."""
    counts = [event.numbers()[1] for event in job.events if event.kind == "pass_start"]
    return Method(code="", labels=(label,), passes=(FIXED,) * min(counts[0] if counts else 1, _MOST_PASSES))


def plan_of(run: Run, job: Job) -> Plan | None:
    """None if the log doesn't say enough to know which lines a finished wipe would have left."""
    label, rounds, verification, blank = (
        method_label(run, job),
        rounds_of(run),
        verification_of(run),
        blank_of(run),
    )
    if label is None or rounds is None or verification is None or blank is None:
        return None
    method = find_method(label) or _unlisted(label, job)
    return Plan(method=method, rounds=rounds, verification=verification, blank=blank, old=is_old(run))
