"""A listing carries the grade of its thing's standing appraisal, and drops it in the moment that appraisal ends."""

from appraisal.grades.actions import Graded
from appraisal.grades.reports import GradeEnded
from core.i18n import N_
from core.people.notices import notify
from core.work import Work
from market.listings.actions import open_listings, reindex, withdraw
from market.listings.states import OPEN


def carry_grade(w: Work, event: Graded) -> None:
    """Open listings carry the newest grade; a refused thing comes off the shelf at once."""
    for listing in open_listings(w, event.item_id, OPEN):
        listing.appraisal_id, listing.grade, listing.changed_at = event.appraisal_id, event.grade, w.now
        w.record("market:listing:graded", listing.id, appraisal=event.appraisal_id, grade=event.grade)
        if event.grade == "reject" and listing.state in ("published", "paused"):
            withdraw(w, listing)
        else:
            reindex(w, listing)


def drop_grade(w: Work, event: GradeEnded) -> None:
    """An appraisal ended and none took its place: no open listing goes on showing its grade. What is being sold right now keeps
    the grade it was sold with."""
    states = [one for one in OPEN if not (event.why == "sold" and one == "reserved")]
    for listing in open_listings(w, event.item_id, states):
        if listing.appraisal_id == event.appraisal_id:
            listing.appraisal_id, listing.grade, listing.changed_at = None, None, w.now
            w.record("market:listing:ungraded", listing.id, appraisal=event.appraisal_id, why=event.why)
            notify(
                w, listing.seller_id, N_("“%(title)s” shows no grade any more: its appraisal ended."), f"/listings/{listing.id}",
                title=listing.title,
            )  # fmt: skip
            reindex(w, listing)
