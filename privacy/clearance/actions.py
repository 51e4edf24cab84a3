"""A clearance ends, in one transaction with everything that rests on it."""

from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.goods.models import Item
from core.i18n import N_
from core.people.acting import demand_role
from core.people.notices import notify
from core.people.queries import get_account
from core.ports import ClearanceEnded, CustodyRaised, happened
from core.states import walk
from core.work import Work
from privacy.clearance import queries, second_person
from privacy.clearance.log import facts
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.states import CERTIFICATE, CLEARANCE, ENDING
from privacy.wipes import people, rules
from privacy.wipes.models import Verification


def end_clearance(w: Work, clearance: Clearance, why: str, reason: str = "") -> None:
    """End a valid clearance and its certificate. Live listings come down first (they subscribe to ClearanceEnded).

    `why`: sold, expired, revoked, seal_broken, used, or another reason for which custody rose; `reason`: a code of
    rules.REVOCATIONS, for what is taken back."""
    verb = ENDING.get(why, "raise_custody")
    CLEARANCE.next(clearance.state, verb)
    certificate = queries.certificate_of_clearance(w.session, clearance.id)
    number = certificate.number if certificate else ""
    happened(w, ClearanceEnded(clearance.item_id, clearance.id, why, rules.REVOCATIONS.get(reason, ""), number))
    walk(w, CLEARANCE, clearance, verb, ended_at=w.now)
    w.record("privacy:clearance:ended", clearance.id, item=clearance.item_id, why=why)
    if certificate is not None:
        _end_certificate(w, certificate, verb, why, reason)
    if why not in ("sold", "revoked"):
        sentence = N_("The clearance of your device ended (%(number)s). Read why and what to do next.")
        owner = w.session.get_one(Item, clearance.item_id).owner_id
        notify(w, owner, sentence, f"/certificates/{number}", number=number)


def _end_certificate(w: Work, certificate: Certificate, verb: str, why: str, reason: str = "") -> None:
    if verb == "deliver":
        walk(w, CERTIFICATE, certificate, verb, delivered_at=w.now, ended_why=why)
    else:
        walk(w, CERTIFICATE, certificate, verb, ended_at=w.now, ended_why=why, reason=reason)
    if certificate.state not in second_person.STANDS:
        second_person.overtaken(w, certificate.id)
    w.record("privacy:certificate:ended", certificate.id, number=certificate.number, why=why)
    facts.certificate_ended(w, certificate, why)


def follow_custody(w: Work, event: CustodyRaised) -> None:
    """The epoch is about to rise: what was cleared in the old one ends now."""
    clearance = queries.find_valid(w.session, event.item_id, lock=True)
    if clearance is not None:
        end_clearance(w, clearance, event.why)


def report_broken_seal(w: Work, item_id: str) -> None:
    """The bag is open, torn or gone, or the device was switched on: it is wiped again before it is sold."""
    item = locked(w, item_id)
    if item.owner_id != w.actor.id:
        _demand_keeper(w, item_id)
    clearance = queries.find_valid(w.session, item_id)
    if clearance is None:
        raise Refused("not_cleared", N_("This device has no valid clearance, so nothing rests on its seal."))
    w.record("privacy:seal:broken", clearance.id, item=item_id)
    custody.raise_epoch(w, item, "seal_broken")


def revoke(w: Work, certificate: Certificate, reason: str) -> None:
    """Take a certificate back, with a reason: verifiers, administrators and regulators. Also after delivery. Its listing comes
    down in this transaction; whoever had the device wiped and whoever owns it now are told why."""
    if reason not in rules.REVOCATIONS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    roles = people.orgs_as(w.session, w.actor.id, "wipe_verifier", "administrator", "regulator")
    if not roles:
        raise Forbidden()
    locked(w, certificate.item_id)
    w.record("privacy:certificate:revoked", certificate.id, number=certificate.number, reason=reason)
    facts.certificate_revoked(w, certificate, reason)
    clearance = w.session.get_one(Clearance, certificate.clearance_id)
    if clearance.state == "valid":
        end_clearance(w, clearance, "revoked", reason)
    else:
        _end_certificate(w, certificate, "revoke", "revoked", reason)
    _tell_owners(w, certificate, rules.REVOCATIONS[reason])


def _tell_owners(w: Work, certificate: Certificate, reason: str) -> None:
    """Who had it wiped, and so may have sold it, and who owns it now; nobody who has left."""
    clearance = w.session.get_one(Clearance, certificate.clearance_id)
    seller = w.session.get_one(Verification, clearance.verification_id).owner_id
    for account_id in dict.fromkeys((seller, w.session.get_one(Item, certificate.item_id).owner_id)):
        if get_account(w.session, account_id).state != "closed":
            sentence = N_("The wipe certificate %(number)s was taken back. %(reason)s Don't rely on it any more.")
            link = f"/certificates/{certificate.number}"
            notify(w, account_id, sentence, link, number=certificate.number, reason=reason)


def expire_due(w: Work) -> None:
    """Sweep: clearances whose time is over end, their listings come down."""
    for clearance in queries.overdue(w.session, w.now):
        locked(w, clearance.item_id)
        w.session.refresh(clearance)
        if clearance.state == "valid":
            end_clearance(w, clearance, "expired")


def _demand_keeper(w: Work, item_id: str) -> None:
    line = custody.find_holder(w.session, item_id)
    demand_role(w, line.holder_id if line and line.holder_kind == "org" else None, *people.STAFF)
