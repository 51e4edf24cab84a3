"""What the pages share on which a person decides a matter of the queue: what was chosen, and who decided what stands."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from flask import g
from flask_babel import gettext as _

from core.errors import Invalid
from core.forms import Form
from core.i18n import N_
from core.people.models import Account
from core.people.names import shown_name
from core.when import slot_words


class Matter(Protocol):
    """A row that a person decides, with a reason."""

    decided_by: Any
    decided_at: datetime | None
    reason: Any


def chosen(form: Form, answers: Collection[str]) -> str:
    """The value of the form's `decision`. Raises Invalid there for none and for any other."""
    if form["decision"].data not in answers:
        raise Invalid("decision_missing", N_("Please choose one of the answers offered."), field="decision")
    return str(form["decision"].data)


def decided(row: Matter, *between: tuple[str, str]) -> list[tuple[str, str]]:
    """(what, value): by whom, when, what stands `between`, and why; nothing while it is open."""
    if row.decided_at is None or row.decided_by is None:
        return []
    who = shown_name(g.db.get_one(Account, row.decided_by))
    return [(_("Who decided"), who), (_("When"), slot_words(row.decided_at)), *between, (_("Reason"), str(row.reason))]
