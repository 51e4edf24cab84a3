"""The report of a signed appraisal: written and signed in the same transaction, and ended by time, sale or revocation."""

from dataclasses import dataclass
from typing import Any

from appraisal.appraisers.queries import appraiser_number
from appraisal.appraisers.recusal import body_type
from appraisal.grades import photo_queries
from appraisal.grades import report_queries as queries
from appraisal.grades import report_rules as rules
from appraisal.grades.models import Appraisal, Ending, Report
from appraisal.grades.states import APPRAISAL
from core import canonical, house_key, i18n, ids, secrets, signing
from core.db import stamp
from core.errors import Forbidden, Invalid
from core.goods.models import Item
from core.i18n import N_
from core.paper_ports import PaperTold
from core.people.models import Organisation
from core.people.notices import notify
from core.ports import CustodyRaised, happened
from core.states import walk
from core.work import Work

VERBS = {"superseded": "supersede", "revoked": "revoke"}


@dataclass(frozen=True, slots=True)
class GradeEnded:
    """Told in the transaction that ends an appraisal without another one in its place. `why`: expired, sold, custody, revoked,
    frozen."""

    item_id: str
    appraisal_id: str
    why: str


@dataclass(frozen=True, slots=True)
class ReportOver:
    """Told in the transaction that ends an appraisal, however it ends. `why`: superseded, expired, sold, custody, revoked."""

    appraisal_id: str
    why: str


FROZEN = N_("The appraisal %(number)s is frozen: a second, blind look came to another grade. The platform decides.")


def freeze(w: Work, made: Appraisal, sentence: str = FROZEN) -> None:
    """A blind look came to another grade: no shelf shows this one until it is decided."""
    walk(w, APPRAISAL, made, "freeze")
    w.record("appraisal:report:frozen", made.id, number=made.number)
    happened(w, GradeEnded(made.item_id, made.id, "frozen"))
    owner = w.session.get_one(Item, made.item_id).owner_id
    for account_id in dict.fromkeys((owner, made.appraiser_id)):
        notify(w, account_id, sentence, f"/reports/{made.number}", number=made.number)


def issue(w: Work, made: Appraisal, supersedes: str | None) -> Report:
    """Write the report of an appraisal that was signed just now, sign it with the house's key, and tell the public log."""
    body = write_body(w, made, supersedes)
    text, key = canonical.encode(body), house_key.house_key(house_key.folder())
    signed = signing.sign(key, text)
    report = Report(
        appraisal_id=made.id, number=made.number, body=text.decode(), digest=canonical.digest(body),
        signatures=[{"alg": signed.alg, "key_id": signed.key_id, "value_b64": signed.value_b64}],
        issued_at=w.now, expires_at=rules.expires_at(w.now),
    )  # fmt: skip
    w.session.add(report)
    w.session.flush()
    told = {"report": made.number, "digest": report.digest, "keys": [signed.key_id]}
    happened(w, PaperTold(rules.ISSUED, made.number, told, signed=True))
    w.record("appraisal:report:issued", made.id, number=made.number, digest=report.digest)
    return report


def write_body(w: Work, made: Appraisal, supersedes: str | None) -> dict[str, Any]:
    """The values that are signed: texts and whole numbers; the device's number only masked and as a keyed digest."""
    item, org = w.session.get_one(Item, made.item_id), w.session.get_one(Organisation, made.org_id)
    result = made.result or {}
    return {
        "kind": rules.KIND, "version": rules.VERSION, "number": made.number, "issued_at": stamp(w.now),
        "expires_at": stamp(rules.expires_at(w.now)), "supersedes": supersedes, "epoch": made.epoch, "item": _item(item),
        "standard": {"id": made.standard, "version": made.version, "digest": made.standard_digest}, "grade": made.grade,
        **{name: result[name] for name in ("axes", "caps", "gates", "reasons", "disclosures", "untested")},
        "answers": made.answers, "wipe": result["wipe"], "identity": result["identity"], "price": result["price"],
        "photos": _photos(w, made),
        "appraiser": {
            "number": appraiser_number(made.appraiser_id), "organisation": {"id": org.id, "name": org.name},
            "body_type": body_type(w.session, org.id, item.owner_id),
        },
        "says": {language: i18n.say(rules.SAYS, language) for language in ("zh", "en")},
    }  # fmt: skip


def _photos(w: Work, made: Appraisal) -> dict[str, Any]:
    """The photos by the SHA-256 of their large size, in the order in which they were taken, and the code that the overview shows:
    whoever is shown a photo can tell by this list whether it is one of these."""
    there = photo_queries.photos_of(w.session, made.id)
    code = next((one.code for one in there if one.code_read), None)
    return {"code": code, "list": [{"view": one.view, "sha256": one.digest} for one in there]}


def _item(item: Item) -> dict[str, Any]:
    """`key`: HMAC of the numbers under the deployment secret, the same for the same thing, useless to who tries numbers."""
    live = sorted((one for one in item.identifiers if one.live), key=lambda one: (one.kind, one.digest))
    numbers = [f"{one.kind}:{secrets.decrypt(one.value, 'identifier')}" for one in live] or [f"item:{item.id}"]
    return {
        "key": secrets.keyed_digest("\n".join(numbers), "appraised_item"),
        "category": item.category, "brand": item.brand, "model": item.model,
        "serials": [{"kind": one.kind, "masked": one.masked} for one in live],
    }  # fmt: skip


def end(w: Work, made: Appraisal, why: str, reason: str = "", by: str = "") -> None:
    """End an appraisal, with its report where it has one. `why`: superseded, expired, sold, custody or revoked; `by`: who ends
    it, where that isn't who acts."""
    walk(w, APPRAISAL, made, VERBS.get(why, "expire"))
    w.session.add(Ending(id=ids.new_id(), appraisal_id=made.id, why=why, reason=reason, ended_by=by or w.actor.id, at=w.now))
    w.session.flush()
    w.record(f"appraisal:report:{'revoked' if why == 'revoked' else 'ended'}", made.id, number=made.number, why=reason or why)
    if queries.find_report(w.session, made.id) is not None:
        kind, told = (rules.REVOKED, {"reason": reason}) if why == "revoked" else (rules.ENDED, {"why": why})
        happened(w, PaperTold(kind, made.number, {"report": made.number, **told}))
    happened(w, ReportOver(made.id, why))
    if why != "superseded":
        happened(w, GradeEnded(made.item_id, made.id, why))


def revoke(w: Work, made: Appraisal, reason: str, by: str = "") -> None:
    """Take a report back for good, with a reason; never one's own. Owner and appraiser are told why. `by`: the part of the system
    whose rule decided it, whoever set it off."""
    if reason not in rules.REVOCATIONS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    if made.appraiser_id == (by or w.actor.id):
        raise Forbidden("own_appraisal", N_("Nobody takes back an appraisal of their own."))
    end(w, made, "revoked", reason, by)
    owner = w.session.get_one(Item, made.item_id).owner_id
    for account_id in dict.fromkeys((owner, made.appraiser_id)):
        sentence = N_("The appraisal %(number)s was taken back. %(reason)s")
        notify(w, account_id, sentence, f"/reports/{made.number}", number=made.number, reason=rules.REVOCATIONS[reason])


def follow_custody(w: Work, event: CustodyRaised) -> None:
    """First sale, or other hands: the condition that was looked at is no longer vouched for."""
    for made in queries.standing_of(w.session, event.item_id):
        end(w, made, "sold" if event.why == "sold" else "custody")


def expire_due(w: Work) -> None:
    """Sweep: what is 30 days old ends, and its owner is told."""
    for made in queries.overdue(w.session, w.now):
        w.session.refresh(made, with_for_update=True)
        if made.state in queries.STANDING:
            end(w, made, "expired")
            owner = w.session.get_one(Item, made.item_id).owner_id
            notify(w, owner, N_("The appraisal %(number)s has expired."), f"/reports/{made.number}", number=made.number)
