"""Lists in words, for pages and papers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from appraisal.identity.list_rules import FRESH_DAYS, KINDS, STATES, WHY, state_of
from appraisal.identity.models import NumberList
from appraisal.identity.queries import one_list
from core import clock
from core.i18n import N_
from core.number_ports import ListTold

NAMES = KINDS | {
    "own": N_("Frozen in this market"),
    "device_check": N_("Carriers' service (GSMA Device Check, CAMARA)"),
}
IN_SERVICE = {"clear": N_("Can say"), "unknown": N_("Can't say that a number isn't on it")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShown:
    """`kind`: its name in words; `state`: (label, tone); `why`: a sentence or ""."""

    kind: str
    source: str
    version: int
    day: str
    lines: int
    state: tuple[str, str]
    why: str


def why_shown(code: str) -> str:
    """Why a list can't say it, "" where it can."""
    return str(_(WHY[code], days=FRESH_DAYS)) if code else ""


def list_shown(one: ListTold) -> ListShown:
    label, tone = STATES[one.state]
    return ListShown(
        kind=_(NAMES[one.kind]), source=one.source, version=one.version, day=one.day, lines=one.lines, state=(_(label), tone),
        why=why_shown(one.why),
    )  # fmt: skip


def lists_shown(rows: Iterable[NumberList], now: datetime) -> Sequence[ListShown]:
    """The lists by themselves: can each still say that a number isn't on it?"""
    found, today = [], clock.local(now).date()
    for row in rows:
        state, why = state_of(one_list(row, names_it=False), today)
        tone = "good" if state == "clear" else "unknown"
        found.append(ListShown(
            kind=_(NAMES[row.kind]), source=row.source, version=row.version, day=row.day, lines=row.lines,
            state=(_(IN_SERVICE[state]), tone), why=why_shown(why),
        ))  # fmt: skip
    return found
