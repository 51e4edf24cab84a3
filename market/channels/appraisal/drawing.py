"""Who of an agency's appraisers looks at what came by a booking: a lot decides (appraisal.md 4: nobody chooses)."""

import secrets
from collections.abc import Sequence

from appraisal.grades import actions as grading
from core.errors import Invalid, Refused
from core.goods import custody
from core.i18n import N_
from core.once import done_once
from core.people.acting import demand_role
from core.work import Work
from market.channels.appraisal import actions, people, rules
from market.channels.appraisal.models import AppraisalBooking


def draw(found: Sequence[str]) -> str | None:
    """One of them at random. None where nobody may."""
    return secrets.choice(found) if found else None


def tell(w: Work, row: AppraisalBooking) -> None:
    if row.appraiser_id is not None:
        came = N_("You were drawn to appraise what came in under %(number)s.")
        visited = N_("You were drawn for the visit %(number)s.")
        people.tell(w, row, row.appraiser_id, visited if row.way == rules.VISIT else came)


def draw_anew(w: Work, row: AppraisalBooking, reason: str, once: str = "") -> None:
    """A manager lets the lot fall on somebody else, with a reason that stays in the log; what the one before has begun is given
    up. Raises Invalid at field `reason`, Refused when it isn't in hand or nobody else may look at it, Forbidden for others."""
    demand_role(w, row.org_id, "shop_manager")
    done_once(w, "appraisal_draw", once, lambda: _draw_anew(w, row, reason), row.id, reason)


def _draw_anew(w: Work, row: AppraisalBooking, reason: str) -> str:
    if reason not in rules.REASONS:
        raise Invalid("reason_missing", actions.CHOOSE, field="reason")
    if row.state != "checked_in":
        raise Refused("not_in_hand", N_("It isn't with the agency waiting for its grade, so nobody is drawn for it."))
    item, before = custody.locked(w, row.item_id), row.appraiser_id
    drawn = draw([one for one in people.eligible(w, item, row.org_id) if one != before])
    if drawn is None:
        nobody = N_("Nobody else at your agency may look at it just now: hand it back, and the fee goes back.")
        raise Refused("nobody_else", nobody)
    row.appraiser_id = drawn
    grading.leave_to(w, item.id, drawn)
    w.record("market:appraisal_booking:drawn_anew", row.id, reason=reason, before=before or "", drawn=drawn)
    tell(w, row)
    if before is not None:
        came = N_("Somebody else was drawn to appraise what came in under %(number)s.")
        visited = N_("Somebody else was drawn for the visit %(number)s.")
        people.tell(w, row, before, visited if row.way == rules.VISIT else came)
    people.tell_owner(w, row, N_("Another appraiser was drawn for your thing (%(number)s): %(why)s."), why=rules.REASONS[reason])
    return row.id
