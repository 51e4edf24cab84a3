"""What time does to shops' files: the announced day comes, a permit's end comes near."""

from datetime import timedelta

from core.each import each
from core.work import Work
from market.shops import closings, permits

EVERY = timedelta(hours=1)  # the day begins at midnight in the market's zone; nobody waits for it longer than this


def run(w: Work) -> None:
    """Each by itself, so that one at fault stops no other; days that were missed are caught up."""
    each(w, closings.due(w), lambda row: closings.close_due(w, row))
    each(w, permits.ending(w), lambda row: permits.watch(w, row))
