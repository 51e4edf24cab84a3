"""What a shop's manager does with its terms: a new draft, another text, into use, out of use. Each version is kept."""

from pathlib import Path
from typing import Any

from core import canonical, ids
from core.errors import Refused
from core.i18n import N_
from core.once import done_once
from core.people.acting import demand_role
from core.states import walk
from core.work import Work
from market.channels.consignment.agreements import queries
from market.channels.consignment.agreements.law_rules import problems
from market.channels.consignment.agreements.models import TermsTemplate
from market.channels.consignment.agreements.reading import read_lawful, read_terms
from market.channels.consignment.agreements.shape import terms_data
from market.channels.consignment.agreements.states import TEMPLATE
from market.channels.consignment.agreements.terms import Terms
from market.ledger.fees.strict import Unreadable, load

MANAGER = "shop_manager"
DEFAULT = Path(__file__).with_name("defaults") / "custom.json"


def default_data() -> dict[str, Any]:
    """Local custom, to begin with: no law asks for these numbers."""
    return terms_data(read_lawful(load(DEFAULT.read_bytes())))


def begin(w: Work, org_id: str, once: str = "") -> TermsTemplate:
    """A first draft from local custom. Sent twice, made once."""
    demand_role(w, org_id, MANAGER)
    made = done_once(w, "consignment_terms", once, lambda: _add(w, org_id, ids.new_id(), 1, _first(w, org_id)).id, org_id)
    return queries.get_template(w.session, org_id, made)


def _first(w: Work, org_id: str) -> dict[str, Any]:
    """Local custom, under a title that no other line of this shop bears: the second is numbered."""
    data, taken = default_data(), {one.data["title"]["zh"] for one in queries.templates_of(w.session, org_id)}
    title, nth = data["title"], 1
    found = title
    while found["zh"] in taken:
        nth += 1
        found = {"zh": f"{title['zh']}（{nth}）", "en": f"{title['en']} ({nth})"}
    return {**data, "title": found}


def wrongs(row: TermsTemplate, data: dict[str, Any]) -> list[Unreadable]:
    """Everything that forbids this text for a draft, each at its place."""
    try:
        terms = read_terms(stamped(data, row.code, row.version))
    except Unreadable as no:
        return [no]
    return [Unreadable(one.place, one.code, one.sentence, **one.values) for one in problems(terms)]


def _add(w: Work, org_id: str, code: str, version: int, data: dict[str, Any]) -> TermsTemplate:
    text = stamped(data, code, version)
    row = TermsTemplate(
        id=ids.new_id(), org_id=org_id, code=code, version=version, data=text, digest=canonical.digest(text),
        made_by=w.actor.id, made_at=w.now,
    )  # fmt: skip
    w.put(row)
    w.record("market:consignment_terms:drafted", row.id, org=org_id, version=version, digest=row.digest)
    return row


def stamped(data: dict[str, Any], code: str, version: int) -> dict[str, Any]:
    """With the policy's id and version those of the template: a trace names the version that it goes by."""
    pay = data["remuneration"]
    return {**data, "remuneration": {**pay, "policy": {**pay["policy"], "id": f"consignment-{code[-10:]}", "version": version}}}


def revise(w: Work, row: TermsTemplate) -> TermsTemplate:
    """The open draft of this line, else a new one that begins as a copy of this version."""
    demand_role(w, row.org_id, MANAGER)
    there = queries.find_version(w.session, row.org_id, row.code, "draft")
    return there or _add(w, row.org_id, row.code, queries.last_version(w.session, row.org_id, row.code) + 1, row.data)


def write(w: Work, row: TermsTemplate, data: dict[str, Any]) -> Terms:
    """Give a draft another text. Raises Unreadable at the place, Refused for a version whose text stands."""
    demand_role(w, row.org_id, MANAGER)
    still_draft(row)
    terms = read_lawful(stamped(data, row.code, row.version))
    row.data = terms_data(terms)
    row.digest = canonical.digest(row.data)
    w.session.flush()
    w.record("market:consignment_terms:edited", row.id, version=row.version, digest=row.digest)
    return terms


def still_draft(row: TermsTemplate) -> None:
    """Raises Refused for a version whose text stands."""
    if row.state != "draft":
        raise Refused("text_stands", N_("The text of terms stands once they are in use: make a new version."))


def activate(w: Work, row: TermsTemplate) -> None:
    """Into use; the version of the same line that was in use goes out of it. Raises Refused for a text that changes nothing."""
    demand_role(w, row.org_id, MANAGER)
    TEMPLATE.next(row.state, "activate")
    terms = read_lawful(row.data)
    old = queries.find_version(w.session, row.org_id, row.code, "active")
    if old is not None:
        if stamped(old.data, row.code, row.version) == terms_data(terms):
            raise Refused("no_change", N_("This says what the version in use says: there is nothing to put into use."))
        _retire(w, old)
    walk(w, TEMPLATE, row, "activate", activated_by=w.actor.id, activated_at=w.now)
    w.record("market:consignment_terms:activated", row.id, org=row.org_id, version=row.version, digest=row.digest)


def retire(w: Work, row: TermsTemplate) -> None:
    demand_role(w, row.org_id, MANAGER)
    _retire(w, row)


def _retire(w: Work, row: TermsTemplate) -> None:
    walk(w, TEMPLATE, row, "retire", retired_at=w.now)
    w.record("market:consignment_terms:retired", row.id, org=row.org_id, version=row.version)


def withdraw(w: Work, row: TermsTemplate) -> None:
    demand_role(w, row.org_id, MANAGER)
    walk(w, TEMPLATE, row, "withdraw")
    w.record("market:consignment_terms:withdrawn", row.id, org=row.org_id, version=row.version)
