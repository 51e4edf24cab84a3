"""One entry for the command line: as JSON with every word in both languages, or as plain lines in one."""

from typing import Any

from sqlalchemy.orm import Session

from core.db import stamp
from core.i18n import LANGUAGES, say
from core.when import exact
from market.ledger.explaining import steps_of
from market.ledger.fees.explain import Explained, explain_lines
from market.ledger.fees.sayings import Speaker
from market.ledger.models import Entry
from market.ledger.queries import find_reversal
from market.ledger.steps_shown import explained, step_data
from market.ledger.words import accounts_in, names_of


def entry_data(session: Session, entry: Entry) -> dict[str, Any]:
    """Ids, codes, whole minor units; `explanation`: the steps that lead to the postings; `trace`: the fees as they were kept."""
    back, told = find_reversal(session, entry.id), entry.explanation or {}
    name = names_of(session, [entry])[entry.id]
    return {
        "id": entry.id, "kind": entry.kind, "name": {one: say(name, one) for one in LANGUAGES}, "at": stamp(entry.at),
        "subject": entry.subject_id, "entered_by": entry.entered_by, "reverses": entry.reverses_id,
        "reversed_by": back.id if back else None, "why": told.get("why"),
        "postings": [
            {"account": one.account_id, "kind": one.account.kind, "owner": one.account.owner_id, "amount_minor": one.amount_minor,
             "unit": one.unit}
            for one in entry.postings
        ],
        "explanation": [step_data(one) for one in steps_of(session, entry)], "trace": told.get("trace", []),
    }  # fmt: skip


def entry_words(session: Session, entry: Entry, language: str) -> str:
    rows = [f"{say(names_of(session, [entry])[entry.id], language)} {exact(entry.at)} {entry.id}"]
    for one in [*explain_lines(entry.explanation, language), *explained(steps_of(session, entry), language)]:
        rows += _lines(one)
    called = accounts_in(session, entry)
    for line in entry.postings:
        amount = Speaker(line.unit, language).money(line.amount_minor)
        rows.append(f"{say(called[line.account.kind], language)} {line.account.owner_id} {amount}")
    return "\n".join(rows)


def _lines(one: Explained) -> list[str]:
    source = f" [{one.source}]" if one.source else ""
    return [f"  {one.label}: {one.amount}{source}", *(f"      {told}" for told in one.sentences), f"      {one.formula}"]
