"""One person proposes a clerical correction and signs it, another approves it and signs the amendment; the house signs, too. The
certificate's own text never changes; the amendment is a leaf of the public log and stands on page, PDF and download."""

import json
from datetime import datetime
from typing import Any

from core import canonical, ids, secrets, signing
from core.access import FRESH, SecondFactorNeeded
from core.canonical import commit
from core.clock import LOCAL_ZONE
from core.db import stamp
from core.errors import Busy, Forbidden, Invalid, Refused
from core.goods.custody import locked
from core.goods.intake import serial_of
from core.goods.models import Item
from core.goods.rules import normalise_serial
from core.i18n import N_
from core.people.models import Organisation
from core.people.notices import notify
from core.people.visitors import held_roles
from core.queue import actions as queue
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.corrections import queries, rules
from privacy.clearance.corrections.models import Correction, CorrectionDecision
from privacy.clearance.house_key import house_key
from privacy.clearance.log import facts
from privacy.clearance.models import Certificate, Clearance, Disclosure
from privacy.clearance.second_person import correction_ask
from privacy.keys import actions as keys
from privacy.wipes.models import Verification
from privacy.wipes.queries import all_media

ROLES = ("wipe_operator", "wipe_verifier", "shop_manager")
KIND, VERSION = "certificate_amendment", 1
PROPOSAL = "certificate_correction"
STANDS = ("issued", "delivered")
PROBLEMS = {
    "not_clerical": N_("Only the fields of this list can be corrected: never a number, verdict, method or size."),
    "text_missing": N_("Enter what stands there and what it should read, at most 80 characters."),
    "same": N_("That is what stands there already."),
    "not_printable": N_("Enter plain text."),
    "a_number": N_("That looks like a number of a device or person. Such a thing isn't corrected here."),
    "no_date": N_("Enter days like 2026-11-22, none of them to come."),
}
OWN = N_("You proposed it yourself. Another person compares and decides.")


def propose(
    w: Work,
    bench: Bench,
    certificate: Certificate,
    *,
    field: str,
    before: str,
    after: str,
    reason: str,
    signed_in_at: datetime | None,
) -> Correction:
    """The first person says what reads wrongly and how it should read. `before` counts only for fields that aren't in the text.

    Raises Forbidden for the owner and for who doesn't belong to a point on the paper, SecondFactorNeeded, Invalid at the field,
    Refused for a certificate that doesn't stand."""
    role, org_id = _demand_person(w, certificate, signed_in_at)
    body = json.loads(certificate.body)
    stands = _as_it_stands(w, certificate, body, field)
    before = stands if stands is not None else before.strip()
    after = after.strip()
    today = w.now.astimezone(LOCAL_ZONE).date()
    wrong = rules.problem(field, before, after, _numbers(w, certificate), today)
    if field in rules.PLACES and stands is None:
        wrong = "not_clerical"
    if wrong:
        raise Invalid(wrong, PROBLEMS[wrong], field="field" if wrong == "not_clerical" else "after")
    if reason not in rules.REASONS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    correction_id, said = ids.new_id(), {"before": before, "after": after}
    told: dict[str, str] = said
    if field in rules.HIDDEN:
        told = {f"{name}_commitment": _hide(w, certificate, f"correction.{correction_id}.{name}", said[name]) for name in said}
    text = canonical.encode(
        {
            "kind": PROPOSAL,
            "version": 1,
            "certificate": certificate.number,
            "certificate_digest": certificate.digest,
            "field": field,
            "reason": reason,
            "at": stamp(w.now),
            **told,
        }
    )
    signature = keys.sign(w, bench, text, signed_in_at)
    assert signed_in_at is not None
    row = Correction(
        id=correction_id,
        certificate_id=certificate.id,
        field=field,
        reason=reason,
        proposal=text.decode(),
        signature={"alg": signature.alg, "key_id": signature.key_id, "value_b64": signature.value_b64},
        proposed_by=w.actor.id,
        role=role,
        org_id=org_id,
        signed_in_at=signed_in_at,
        at=w.now,
    )
    queue.ask(w, "correction", correction_ask(w.session, row, certificate))
    w.session.add(row)
    w.session.flush()
    w.record("privacy:correction:proposed", certificate.id, number=certificate.number, correction=row.id, field=field)
    return row


def decide(
    w: Work, bench: Bench, one: Correction, decision: str, signed_in_at: datetime | None, *, reason: str
) -> CorrectionDecision:
    """The second person has compared: `approved` or `refused`, and says why. Approved, the amendment is written, signed
    by both and by the house, and entered in the public log, in this transaction."""
    certificate = w.session.get_one(Certificate, one.certificate_id)
    locked(w, certificate.item_id)
    role, org_id = _demand_person(w, certificate, signed_in_at)
    if one.proposed_by == w.actor.id:
        raise Forbidden("own_correction", OWN)
    if decision not in ("approved", "refused"):
        raise Invalid("decision_missing", N_("Please choose one of the answers offered."), field="decision")
    if queries.find_decision(w.session, one.id) is not None:
        raise Refused("decided", N_("Somebody has decided on it already."))
    proposal: dict[str, Any] = json.loads(one.proposal)
    stands = _as_it_stands(w, certificate, json.loads(certificate.body), one.field)
    if decision == "approved" and stands is not None and stands != proposal["before"]:
        raise Busy()
    queue.settle(w, "correction", one.id, decision, reason)
    assert signed_in_at is not None
    row = CorrectionDecision(
        id=ids.new_id(),
        correction_id=one.id,
        certificate_id=certificate.id,
        proposed_by=one.proposed_by,
        decided_by=w.actor.id,
        role=role,
        org_id=org_id,
        decision=decision,
        n=None,
        signatures=[],
        signed_in_at=signed_in_at,
        at=w.now,
    )
    if decision == "approved":
        _write(w, bench, certificate, one, row, proposal)
    w.session.add(row)
    w.session.flush()
    w.record("privacy:correction:decided", certificate.id, number=certificate.number, correction=one.id, decision=decision)
    if decision == "approved":
        item = w.session.get_one(Item, certificate.item_id)
        sentence = N_("Two people corrected a slip on your wipe certificate %(number)s. Read what.")
        notify(w, item.owner_id, sentence, f"/certificates/{certificate.number}", number=certificate.number)
    return row


def _write(
    w: Work, bench: Bench, certificate: Certificate, one: Correction, row: CorrectionDecision, proposal: dict[str, Any]
) -> None:
    row.n = len(queries.amendments(w.session, certificate.id)) + 1
    commitments = {name: value for name, value in proposal.items() if name.endswith("_commitment")}
    people: dict[str, Any] = {}
    for act, person, role, org_id, at in (
        ("proposed", one.proposed_by, one.role, one.org_id, one.at),
        ("approved", row.decided_by, row.role, row.org_id, row.at),
    ):
        commitment = _hide(w, certificate, f"correction.{one.id}.{act}", person)
        commitments[act] = commitment
        people[act] = {"role": role, "at": stamp(at), "commitment": commitment, "organisation": _organisation(w, org_id)}
    body: dict[str, Any] = {
        "kind": KIND,
        "version": VERSION,
        "certificate": certificate.number,
        "certificate_digest": certificate.digest,
        "n": row.n,
        "field": one.field,
        "reason": one.reason,
        **{name: value for name, value in proposal.items() if name.split("_")[0] in ("before", "after")},
        **people,
        "issued_at": stamp(w.now),
        "requires_signatures": 2,
        "proposal": {"statement": proposal, "signature": one.signature, "at": stamp(one.at)},
    }
    text, key = canonical.encode(body), house_key(bench.keys)
    signed = [keys.sign(w, bench, text, row.signed_in_at), signing.sign(key, text)]
    row.body, row.digest = text.decode(), canonical.digest(body)
    row.signatures = [{"alg": each.alg, "key_id": each.key_id, "value_b64": each.value_b64} for each in signed]
    names = [str(each["key_id"]) for each in row.signatures]
    facts.certificate_amended(w, key, certificate, row.n, row.digest, one.field, names, commitments)


def _as_it_stands(w: Work, certificate: Certificate, body: dict[str, Any], field: str) -> str | None:
    """What the paper says now, earlier amendments included; None where the field doesn't stand in it."""
    value = rules.standing(body, field)
    for one in queries.amendments(w.session, certificate.id):
        told = json.loads(one.body)
        if value is not None and told["field"] == field:
            value = str(told["after"])
    return value


def _hide(w: Work, certificate: Certificate, name: str, value: str) -> str:
    """A salted commitment; salt and value are kept apart from the paper, so that they can be forgotten."""
    salt, commitment = commit(value, name=name)
    sealed = secrets.encrypt(value, "disclosure")
    w.session.add(Disclosure(id=ids.new_id(), certificate_id=certificate.id, name=name, salt=salt, value=sealed))
    return commitment


def _organisation(w: Work, org_id: str) -> dict[str, str]:
    org = w.session.get_one(Organisation, org_id)
    return {"id": org.id, "name": org.name}


def _numbers(w: Work, certificate: Certificate) -> frozenset[str]:
    item = w.session.get_one(Item, certificate.item_id)
    own = [secrets.decrypt(one.value, "identifier") for one in item.identifiers]
    found = (normalise_serial(number) for number in (*own, *(serial_of(one) for one in all_media(w.session, item.id))))
    return frozenset("".join(letter for letter in number if letter.isalnum()) for number in found if len(number) > 3)


def points_of(certificate: Certificate) -> set[str]:
    """The organisations that the paper names: where it was wiped and where verified."""
    body = json.loads(certificate.body)
    return {one["organisation"]["id"] for one in (body["wiped"], body["verified"]) if one.get("organisation")}


def _demand_person(w: Work, certificate: Certificate, signed_in_at: datetime | None) -> tuple[str, str]:
    """Role and organisation in which who acts may correct this paper."""
    clearance = w.session.get_one(Clearance, certificate.clearance_id)
    owners = {w.session.get_one(Item, certificate.item_id).owner_id}
    owners.add(w.session.get_one(Verification, clearance.verification_id).owner_id)
    if w.actor.id in owners:
        raise Forbidden("owner_corrects", N_("Its owner corrects nothing on a certificate. Tell the point what reads wrongly."))
    points = points_of(certificate)
    held = sorted(
        (role, org)
        for role, org in held_roles(w.session, w.actor.id)
        if role == "administrator" or (role in ROLES and org in points)
    )
    if not held:
        raise Forbidden()
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    if certificate.state not in STANDS:
        raise Refused("over", N_("This certificate doesn't stand any more, so nothing on it is corrected."))
    return held[-1] if held[-1][0] != "administrator" else held[0]
