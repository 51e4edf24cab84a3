"""What in the privacy room keeps somebody from closing the account: a wipe that isn't over, as owner or at the bench."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.ports import Hold
from privacy.wipes.models import WipeJob
from privacy.wipes.states import OPEN


def holds(session: Session, account_id: str) -> Iterable[Hold]:
    mine = or_(WipeJob.owner_id == account_id, WipeJob.operator_id == account_id)
    for job in session.scalars(select(WipeJob).where(mine, WipeJob.state.in_(OPEN)).order_by(WipeJob.id)):
        own = job.owner_id == account_id
        yield Hold(
            code="wipe_open" if own else "wipe_in_hand",
            sentence=N_("The wipe %(number)s of your device isn't over.") if own
            else N_("You have the wipe %(number)s in hand at the bench. End it first."),
            values={"number": job.number}, link=f"/wipes/{job.id}", way=N_("Open the wipe"),
        )  # fmt: skip
