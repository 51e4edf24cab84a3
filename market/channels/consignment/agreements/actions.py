"""What happens to an agreement: written at the counter, signed and offered by the shop, signed by the consignor, ended."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core import canonical, ids, secrets
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.numbers import next_number
from core.once import done_once
from core.people.acting import demand_role
from core.people.notices import notify
from core.people.queries import staff
from core.states import walk
from core.work import Work
from market.channels.consignment.agreements import clauses, queries
from market.channels.consignment.agreements.access import DESK
from market.channels.consignment.agreements.filling_rules import Blanks, fill
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.agreements.reading import read_lawful
from market.channels.consignment.agreements.shape import terms_data
from market.channels.consignment.agreements.states import AGREEMENT
from market.channels.consignment.models import Consignor
from market.ledger.fees.shape import policy_data
from market.shops.standing import demand_takes_goods

PREFIX, MANAGER = "JS", "shop_manager"
AGREED = N_("Please tick that it was read and is agreed to.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`file`: number of the consignor's file; `template_id`: terms in use at this shop."""

    file: str
    template_id: str
    blanks: Blanks = Blanks()
    once: str = ""


def draft(w: Work, org_id: str, wanted: Wanted) -> Agreement:
    """Raises Invalid at the field. Sent twice, written once."""
    demand_role(w, org_id, *DESK)
    file = queries.find_file(w.session, org_id, wanted.file)
    if file is None:
        raise Invalid("no_file", N_("No open file of this shop has this number."), field="file")
    not_own(w, file)
    demand_takes_goods(w.session, org_id, w.now)
    template = next((one for one in queries.templates_of(w.session, org_id, "active") if one.id == wanted.template_id), None)
    if template is None:
        raise Invalid("no_terms", N_("Choose terms that are in use."), field="template")
    data = terms_data(read_lawful(terms_data(fill(queries.terms_of(template), wanted.blanks))))
    facts = (org_id, file.id, template.id, wanted.blanks)
    made = done_once(w, "consignment_agreement", wanted.once, lambda: _add(w, file, template.id, data), *facts)
    return queries.get_agreement(w.session, made)


def _add(w: Work, file: Consignor, template_id: str, data: dict[str, Any]) -> str:
    row = Agreement(
        id=ids.new_id(), number=next_number(w, PREFIX), org_id=file.org_id, consignor_id=file.id, template_id=template_id,
        data=data, terms_digest=canonical.digest(data), policy_digest=canonical.digest(data["remuneration"]["policy"]),
        drafted_by=w.actor.id, drafted_at=w.now,
    )  # fmt: skip
    w.put(row)
    w.record("market:consignment_agreement:drafted", row.id, org=row.org_id, file=file.id, terms=row.terms_digest)
    return row.id


def not_own(w: Work, file: Consignor) -> None:
    if file.account_id == w.actor.id:
        raise Forbidden("own_agreement", N_("A colleague makes the agreement for what you bring yourself."))


def offer(w: Work, row: Agreement, agreed: bool, once: str = "") -> None:
    """The clerk signs for the shop: from now on the text stands, with its digest, and waits for the consignor. Sent twice, done
    once."""
    demand_role(w, row.org_id, *DESK)
    not_own(w, row.consignor)
    done_once(w, "consignment_offer", once, lambda: _offer(w, row, agreed), row.id)


def _offer(w: Work, row: Agreement, agreed: bool) -> str:
    AGREEMENT.next(row.state, "offer")
    if not agreed:
        raise Invalid("not_agreed", AGREED, field="agreed")
    demand_takes_goods(w.session, row.org_id, w.now)
    if row.template.state != "active":
        raise Refused("terms_retired", N_("The terms of this draft are no longer in use. Withdraw it and write a new agreement."))
    terms, file = read_lawful(row.data), row.consignor
    if file.state != "open":
        raise Refused("file_closed", N_("The consignor's file is closed."))
    text = {language: clauses.lines(terms, language) for language in ("zh", "en")}
    told = {"shop": row.org.name, "consignor": queries.name_in_file(file), "paper": file.paper_masked}
    parties = json.dumps(told, ensure_ascii=False, sort_keys=True)
    frozen = frozen_facts(row, text) | {
        "parties": secrets.keyed_digest(parties, queries.PARTIES), "offered_at": _second(w), "offered_by": w.actor.id,
    }  # fmt: skip
    row.text, row.frozen, row.digest = text, frozen, canonical.digest(frozen)
    row.parties = secrets.encrypt(parties, queries.PARTIES)
    walk(w, AGREEMENT, row, "offer", offered_by=w.actor.id, offered_at=w.now)
    w.record("market:consignment_agreement:offered", row.id, digest=row.digest)
    tell(w, row, N_("%(shop)s offers you a consignment agreement (%(number)s). Read it and sign it when you agree."))
    return row.id


def frozen_facts(row: Agreement, text: dict[str, Any]) -> dict[str, Any]:
    """What the digest is made of, apart from names and moment."""
    return {
        "kind": "xunshi-consignment-agreement", "number": row.number, "shop": row.org_id, "file": row.consignor.number,
        "template": {"code": row.template.code, "version": row.template.version, "digest": row.template.digest},
        "terms": row.terms_digest,
        "policy": {key: row.data["remuneration"]["policy"][key] for key in ("id", "version")} | {"digest": row.policy_digest},
        "text": {language: canonical.digest(lines) for language, lines in text.items()},
    }  # fmt: skip


def _second(w: Work) -> str:
    return w.now.isoformat(timespec="seconds")


def withdraw(w: Work, row: Agreement) -> None:
    demand_role(w, row.org_id, *DESK)
    take_back(w, row)


def take_back(w: Work, row: Agreement) -> None:
    """A draft or an offer, by the shop or because the consignor's file is closed."""
    offered = row.state == "offered"
    walk(w, AGREEMENT, row, "withdraw", ended_at=w.now)
    w.record("market:consignment_agreement:withdrawn", row.id, by="shop")
    if offered:
        tell(w, row, N_("%(shop)s took its offer of a consignment agreement back (%(number)s)."))


def decline(w: Work, row: Agreement) -> None:
    """The consignor doesn't want what the shop offered. Raises Forbidden for anybody else."""
    if row.consignor.account_id != w.actor.id:
        raise Forbidden()
    walk(w, AGREEMENT, row, "decline", ended_at=w.now)
    w.record("market:consignment_agreement:withdrawn", row.id, by="consignor")
    tell_shop(w, row, N_("The consignor of file %(file)s declined the consignment agreement %(number)s."))


def terminate(w: Work, row: Agreement, by: str) -> None:
    """Notice by "shop" or "consignor": it runs out after the days agreed on."""
    if by == "shop":
        demand_role(w, row.org_id, *DESK)
    elif row.consignor.account_id != w.actor.id:
        raise Forbidden()
    runs_out = w.now + timedelta(days=queries.terms_of(row).notice_days)
    walk(w, AGREEMENT, row, "terminate", notice_by=by, runs_out_at=runs_out)
    w.record("market:consignment_agreement:terminated", row.id, by=by, runs_out=_day(runs_out.isoformat()))
    tell(
        w,
        row,
        N_("Notice was given of your consignment agreement with %(shop)s (%(number)s). The agreement says when it runs out."),
    )
    if by == "consignor":
        tell_shop(w, row, N_("The consignor of file %(file)s gave notice of the consignment agreement %(number)s."))


def _day(moment: str) -> str:
    return moment[:10]


def end(w: Work, row: Agreement) -> None:
    """Only after a notice, and not before it has run out."""
    demand_role(w, row.org_id, *DESK)
    AGREEMENT.next(row.state, "end")
    if row.runs_out_at is not None and row.runs_out_at > w.now:
        raise Refused("still_runs", N_("The notice hasn't run out yet."))
    run_out(w, row)


def run_out(w: Work, row: Agreement) -> None:
    """What was given notice of is over: by the shop, or by the clock."""
    walk(w, AGREEMENT, row, "end", ended_at=w.now)
    w.record("market:consignment_agreement:ended", row.id)
    tell(w, row, N_("Your consignment agreement with %(shop)s has ended (%(number)s)."))


def looked(w: Work, row: Agreement, what: str) -> None:
    """Staff read full names or the signature. `what`: paper or signing."""
    w.record("market:consignment_agreement:looked", row.id, what=what)


def tell(w: Work, row: Agreement, sentence: str) -> None:
    if row.consignor.account_id:
        notify(w, row.consignor.account_id, sentence, f"/consignment-agreements/{row.id}", shop=row.org.name, number=row.number)


def tell_shop(w: Work, row: Agreement, sentence: str) -> None:
    """Who wrote the agreement, while they work there, and the shop's managers."""
    there = {one.account_id for one, _ in staff(w.session, row.org_id) if one.role == MANAGER or one.account_id == row.drafted_by}
    for account_id in sorted(there - {w.actor.id}):
        link = f"/consignment/{row.org_id}/agreements/{row.id}"
        notify(w, account_id, sentence, link, kind="orders", number=row.number, file=row.consignor.number)


def as_it_stands(row: Agreement) -> dict[str, Any]:
    """The text in both languages: what was frozen, or, of a draft, what would be."""
    if row.text is not None:
        return row.text
    terms = queries.terms_of(row)
    return {language: clauses.lines(terms, language) for language in ("zh", "en")}


def fits(row: Agreement) -> bool:
    """Do terms, policy and text still give the digest that was signed? They always should: guards keep them."""
    frozen = row.frozen or {}
    again = {**frozen, **frozen_facts(row, row.text or {})}
    policy = canonical.digest(policy_data(queries.terms_of(row).pay.policy))
    return (
        canonical.digest(again) == row.digest and policy == row.policy_digest and canonical.digest(row.data) == row.terms_digest
    )
