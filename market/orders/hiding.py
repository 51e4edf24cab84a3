"""Words of a review are reported, and hidden by an outsider for a ground of the closed list. Stars stay and still count."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.acting import acts_for
from core.people.notices import notify
from core.queue import actions as queue
from core.queue.kinds import Ask
from core.states import State, StateTable, walk
from core.work import Work
from market.orders.models import Review
from market.orders.review_models import ReviewReport
from market.orders.review_rules import GROUNDS, reason_missing

REVIEW_REPORT = StateTable(
    "review_report",
    {
        "open": State(N_("Open"), "info", N_("Nobody has decided on it yet.")),
        "hidden": State(N_("Words hidden"), "warn", N_("The words are unlawful and hidden; the stars stay.")),
        "kept": State(N_("Kept"), "neutral", N_("The words stay as they are.")),
        "settled": State(N_("Answered"), "neutral", N_("Another report about the same words was right.")),
    },
    {("open", "hide"): "hidden", ("open", "keep"): "kept", ("open", "settle"): "settled"},
)


def report_ask(row: ReviewReport, review: Review) -> Ask:
    """Not decided by who wrote it, whom it is about, or who reported it."""
    barred = (review.author_id, review.about_id, row.reporter_id)
    return Ask(subject_id=row.id, title=review.words, link=f"/reports/reviews/{row.id}", barred=barred, since=row.at)


def waiting(session: Session) -> Iterator[Ask]:
    query = select(ReviewReport).where(ReviewReport.state == "open").order_by(ReviewReport.id)
    for row in session.scalars(query):
        yield report_ask(row, row.review)


def report(w: Work, review: Review, words: str) -> ReviewReport:
    """Asked twice, one report. Raises Invalid at `words`; Refused for a review of one's own and for words that are hidden."""
    if acts_for(w.session, w.actor.id, review.author_id):
        raise Refused("own_review", N_("You wrote this review yourself."))
    if reason_missing(words):
        raise Invalid("words_missing", N_("Say in a sentence what is unlawful about it."), field="words")
    there = w.session.scalars(select(ReviewReport).where(ReviewReport.review_id == review.id)).all()
    if not review.words or any(one.state == "hidden" for one in there):
        raise Refused("nothing_to_hide", N_("There are no words to hide."))
    mine = next((one for one in there if one.reporter_id == w.actor.id and one.state == "open"), None)
    if mine is not None:
        return mine
    row = ReviewReport(id=ids.new_id(), review_id=review.id, reporter_id=w.actor.id, words=words.strip(), at=w.now)
    queue.ask(w, "review_report", report_ask(row, review))
    w.session.add(row)
    w.session.flush()
    w.record("market:opinion:reported", review.id, report=row.id)
    return row


def decide(w: Work, row: ReviewReport, ground: str, reason: str) -> None:
    """`ground`: a code of GROUNDS hides the words, "" keeps them. Raises Invalid at its field; Forbidden for the two of it and
    for who reported it."""
    review = w.session.get_one(Review, row.review_id)
    if any(acts_for(w.session, w.actor.id, one) for one in (review.author_id, review.about_id, row.reporter_id)):
        raise Forbidden()
    if ground and ground not in GROUNDS:
        raise Invalid("ground_unknown", N_("Choose a ground from the list, or keep the words."), field="ground")
    if reason_missing(reason):
        raise Invalid("reason_missing", N_("Give the reason of your decision in a sentence."), field="reason")
    queue.settle(w, "review_report", row.id, "hidden" if ground else "kept", reason)
    walk(w, REVIEW_REPORT, row, "hide" if ground else "keep", ground=ground, reason=reason.strip(), decided_by=w.actor.id,
         decided_at=w.now)  # fmt: skip
    w.session.flush()
    w.record("market:opinion:decided", review.id, report=row.id, ground=ground or "kept")
    _tell(w, row, review)
    if ground:
        _settle_others(w, row)


def _tell(w: Work, row: ReviewReport, review: Review) -> None:
    page = f"/orders/{review.order_id}"
    if row.state == "hidden":
        sentence = N_("The words of your review were hidden: %(ground)s Reason: %(reason)s The stars stay.")
        notify(w, review.author_id, sentence, page, ground=GROUNDS[row.ground], reason=row.reason)
    notify(w, row.reporter_id, N_("Your report about a review was decided: %(reason)s"), "/inbox", reason=row.reason)


def _settle_others(w: Work, hidden: ReviewReport) -> None:
    """What else was reported about the same words has its answer with it."""
    others = select(ReviewReport).where(ReviewReport.review_id == hidden.review_id, ReviewReport.state == "open")
    for one in w.session.scalars(others).all():
        queue.settle(w, "review_report", one.id, "hidden", hidden.reason)
        walk(w, REVIEW_REPORT, one, "settle", reason=hidden.reason, decided_by=w.actor.id, decided_at=w.now)
        notify(w, one.reporter_id, N_("Your report about a review was decided: %(reason)s"), "/inbox", reason=hidden.reason)
