"""What of a log the operator, not the tool, may have written: where a job's challenge code can stand."""

import itertools
import re
from collections.abc import Sequence

from privacy.evidence.readers.text import visible

_REPORT = re.compile(r"Creating PDF report in (.{1,400})")
_MOST, _LONGEST = 20, 200
# the tool's own lines that carry no time: tables, rules, the continuation of a long line, and what smartctl and hdparm say
_OWN = re.compile(r"\[[0-9]{4}/|[!*-]|\s|$| on /dev/")


def notes_in(lines: Sequence[str]) -> tuple[str, ...]:
    """Free lines above the tool's first one, and the folder that the PDF report was asked into."""
    above = itertools.takewhile(lambda line: line[:1] != "[", lines[: _MOST + 1])
    notes = [line for line in above if not _OWN.match(line) and len(line) <= _LONGEST]
    reports = (_REPORT.fullmatch(line.rstrip()) for line in lines if line[:1] == "C")
    folders = itertools.islice((hit[1] for hit in reports if hit), _MOST)
    return tuple(visible(text).strip() for text in (*notes, *folders))
