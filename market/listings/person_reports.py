"""Telling the reviewers about a person or one of their messages, and what comes of it: a warning with its reason, or nothing."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.db import get_row
from core.errors import Invalid, Refused
from core.i18n import N_
from core.people.models import Account
from core.people.names import shown_name
from core.people.notices import notify
from core.queue import actions as queue
from core.states import State, StateTable, walk
from core.work import Work
from market.listings.block_models import PersonReport
from market.listings.models import Message
from market.listings.waits import person_ask

AROUND = 2  # how many lines before and after a reported one a reviewer reads
REASONS = {
    "payment": N_("Wants to be paid outside the market"),
    "fraud": N_("Tries to cheat"),
    "abuse": N_("Insults or threatens"),
    "spam": N_("Advertises or writes without end"),
    "contact": N_("Presses for contact details"),
    "data": N_("Shows somebody's personal data"),
    "other": N_("Something else"),
}
PERSON_REPORT = StateTable(
    "person_report",
    {
        "open": State(N_("Open"), "info", N_("No reviewer has decided yet.")),
        "upheld": State(N_("Upheld"), "warn", N_("The report was right; the person was warned with the reason.")),
        "dismissed": State(N_("Dismissed"), "neutral", N_("Nothing was found that goes against the rules.")),
    },
    {("open", "uphold"): "upheld", ("open", "dismiss"): "dismissed"},
)


def get_person_report(session: Session, person_report_id: str) -> PersonReport:
    return get_row(session, PersonReport, person_report_id)


def open_reports(session: Session) -> Sequence[PersonReport]:
    query = select(PersonReport).where(PersonReport.state == "open").order_by(PersonReport.at, PersonReport.id)
    return session.scalars(query.limit(100)).all()


def decided_reports(session: Session) -> Sequence[PersonReport]:
    query = select(PersonReport).where(PersonReport.state != "open").order_by(PersonReport.handled_at.desc(), PersonReport.id)
    return session.scalars(query.limit(50)).all()


def excerpt(session: Session, report: PersonReport) -> Sequence[Message]:
    """The reported line and the two before and after it, no more of the conversation; nothing for a report about a person."""
    line = session.get(Message, report.message_id) if report.message_id else None
    if line is None:
        return []
    talk = select(Message).where(Message.listing_id == line.listing_id, Message.buyer_id == line.buyer_id)
    before = session.scalars(talk.where(Message.id <= line.id).order_by(Message.id.desc()).limit(AROUND + 1)).all()
    after = session.scalars(talk.where(Message.id > line.id).order_by(Message.id).limit(AROUND)).all()
    return [*reversed(before), *after]


def report_person(w: Work, person_id: str, *, reason: str, words: str, message: Message | None = None) -> PersonReport:
    """The person of this Work reports another, or one of their messages. Sent again while it is open, it replaces the words.

    Raises Invalid at `reason`, Refused for oneself, for a message of somebody else, and where it was decided already."""
    if reason not in REASONS:
        raise Invalid("reason_missing", N_("Choose what is wrong."), field="reason")
    if person_id == w.actor.id or (message is not None and message.author_id != person_id):
        raise Refused("report_other", N_("Only what the other side wrote or did can be reported."))
    subject = message.id if message else person_id
    found = select(PersonReport).where(PersonReport.reporter_id == w.actor.id, PersonReport.subject == subject)
    row = w.session.scalars(found.with_for_update()).first()
    if row is not None and row.state != "open":
        raise Refused("report_decided", N_("You reported this before, and a reviewer has decided on it."))
    if row is not None:
        row.reason, row.words, row.at = reason, words, w.now
        return row
    row = PersonReport(
        id=ids.new_id(), reporter_id=w.actor.id, person_id=person_id, subject=subject, message_id=message.id if message else None,
        reason=reason, words=words, at=w.now, handled_by=None, handled_at=None,
    )  # fmt: skip
    queue.ask(w, "person_report", person_ask(row, shown_name(w.session.get_one(Account, person_id))))
    w.session.add(row)
    w.session.flush()
    w.record("market:person:reported", row.id, reason=reason, message=message is not None)
    return row


def decide(w: Work, report: PersonReport, upheld: bool, why: str) -> None:
    """A reviewer decides, with a reason in words; the person hears the reason of a warning, the reporter that it was looked at.

    Raises Invalid at `why`, Refused for a report of or about the reviewer."""
    if w.actor.id in (report.reporter_id, report.person_id):
        raise Refused("own_report", N_("This report is yours or about you: another reviewer decides."))
    if not why.strip():
        raise Invalid("why_missing", N_("Write the reason: it is kept with the decision."), field="why")
    verb = "uphold" if upheld else "dismiss"
    queue.settle(w, "person_report", report.id, "upheld" if upheld else "dismissed", why)
    walk(w, PERSON_REPORT, report, verb, decision=why.strip(), handled_by=w.actor.id, handled_at=w.now)
    w.record("market:person:judged", report.id, upheld=upheld)
    if upheld:
        about = REASONS[report.reason]
        notify(
            w, report.person_id, N_("A reviewer warns you: %(about)s. Reason: %(why)s"), "/texts/trading_rules", kind="safety",
            about=about, why=why.strip()[:300],
        )  # fmt: skip
    notify(w, report.reporter_id, N_("Your report about a person was looked at. Thank you."), "/inbox", kind="safety")
