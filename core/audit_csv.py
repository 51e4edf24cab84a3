"""The audit log as CSV: one row a sealed line, every hash beside its bytes, so that anybody can check it without us."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import canonical
from core.audit import START, chain, sealed
from core.db import stamp

COLUMNS = ("seq", "at", "actor", "word", "subject", "facts", "previous", "hash")


def rows(session: Session, start: datetime | None = None, end: datetime | None = None) -> Iterator[str]:
    """CSV text, header first. A part of the log (from, to) verifies by itself: its first row names the hash before it."""
    yield _row(COLUMNS)
    for seal, line in sealed(session):
        if (start and line.at < start) or (end and line.at >= end + timedelta(days=1)):
            continue
        facts = canonical.encode(dict(line.facts)).decode()
        yield _row(
            (seal.seq, stamp(line.at), line.actor, line.word, line.subject, facts, seal.previous, seal.hash)
        )


def verify(text: str, head: str | None = None) -> dict[str, Any]:
    """Check an export: `{ok, lines, head, sealed_until, first_bad}`. Raises ValueError when it is no export of ours."""
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError("the first line doesn't name the columns of an audit export")
    previous, count, until, expected, seen = "", 0, None, None, head in (None, START)
    for row in reader:
        good = _good(row, previous, expected)
        if not good:
            return {"ok": False, "lines": count, "head": previous, "sealed_until": until, "first_bad": _seq(row)}
        previous, until, expected, count = row["hash"], row["at"], int(row["seq"]) + 1, count + 1
        seen = seen or previous == head
    return {"ok": seen, "lines": count, "head": previous or START, "sealed_until": until, "first_bad": None}


def _good(row: dict[str, Any], previous: str, expected: int | None) -> bool:
    try:
        body = {name: row[name] for name in ("actor", "at", "subject", "word")}
        raw = canonical.encode({**body, "facts": json.loads(row["facts"]), "seq": int(row["seq"])})
        in_order = expected is None or int(row["seq"]) == expected
        starts_right = int(row["seq"]) != 1 or row["previous"] == START
        follows = not previous or row["previous"] == previous
        return in_order and starts_right and follows and chain(row["previous"], raw) == row["hash"]
    except (ValueError, TypeError, KeyError):
        return False


def _seq(row: dict[str, Any]) -> int | None:
    return int(row["seq"]) if str(row.get("seq", "")).isdigit() else None


def _row(values: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(values)
    return out.getvalue()


