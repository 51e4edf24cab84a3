"""States as a table: only its arrows can be walked. Badge, help sentence, docs and tests come from the same table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from core.errors import Busy, Refused
from core.i18n import N_
from core.ports import happened
from core.work import Work

Tone = Literal["neutral", "info", "good", "warn", "bad", "unknown"]
TABLES: dict[str, "StateTable"] = {}


@dataclass(frozen=True, slots=True)
class State:
    """label: the badge's word; help: one sentence for people (both English, translated by gettext)."""

    label: str
    tone: Tone
    help: str


@dataclass(frozen=True)
class StateTable:
    """arrows: (state, verb) -> next state. `verbs` not in the table can't be walked from that state."""

    name: str
    states: Mapping[str, State]
    arrows: Mapping[tuple[str, str], str]

    def __post_init__(self) -> None:
        for (start, verb), end in self.arrows.items():
            if start not in self.states or end not in self.states:
                raise ValueError(f"{self.name}: arrow {start} -{verb}-> {end} touches an unknown state")
        TABLES[self.name] = self

    def next(self, state: str, verb: str) -> str:
        """The state after `verb`; raises Refused when there is no such arrow."""
        if (state, verb) not in self.arrows:
            raise Refused(
                "not_in_this_state",
                N_("This can't be done now. It stands at: %(state)s."),
                values={"state": self.states[state].label if state in self.states else state},
            )
        return self.arrows[state, verb]

    def can(self, state: str, verb: str) -> bool:
        return (state, verb) in self.arrows

    def __getitem__(self, state: str) -> State:
        return self.states[state]


@dataclass(frozen=True, slots=True)
class Walked:
    """A row went along an arrow of a table: told in the same transaction, to whoever follows that kind of row."""

    table: str
    row: Any
    verb: str
    state: str


def walk(w: Work, table: StateTable, row: Any, verb: str, **also: Any) -> str:
    """Move a row along an arrow by a guarded UPDATE; raises Busy when somebody else moved it first.

    `also`: columns that the database wants changed in the same statement, such as `ended_at`."""
    start, end = row.state, table.next(row.state, verb)
    w.session.flush()
    kind = type(row)
    guarded = update(kind).where(kind.id == row.id, kind.state == start).values(state=end, **also)
    changed = w.session.execute(guarded, execution_options={"synchronize_session": False})
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Busy()
    for column, value in {"state": end, **also}.items():  # the row in memory follows, without being read again
        set_committed_value(row, column, value)
    happened(w, Walked(table.name, row, verb, end))
    return end
