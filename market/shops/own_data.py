"""What shops' files hold about a resident: their estate and the shops they follow, for their export and until they leave."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db import stamp
from core.i18n import N_
from core.people.models import Organisation
from core.ports import PersonClosing, RetentionRow
from core.work import Work
from market.shops import queries, residents
from market.shops.models import ShopFollower


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    query = select(ShopFollower, Organisation.name).join(Organisation, Organisation.id == ShopFollower.org_id)
    rows = session.execute(query.where(ShopFollower.account_id == account_id).order_by(ShopFollower.at, ShopFollower.org_id))
    return {
        "estate": queries.estate_of(session, account_id),
        "shops_followed": [{"shop": name, "since": stamp(row.at)} for row, name in rows],
    }


def leave(w: Work, event: PersonClosing) -> None:
    residents.forget_estate(w, event.account_id)
    w.session.execute(delete(ShopFollower).where(ShopFollower.account_id == event.account_id))


RETENTION = (
    RetentionRow(
        N_("The name of your estate, and the shops you follow"), 0, N_("the choice was ended"),
        N_("Personal Information Protection Law 6 and 19: no more and no longer than needed"), N_("erased"), closing=True,
    ),
    RetentionRow(
        N_("Shops' points, rules, exemptions and permits to trade, with who decided"), 36, N_("the shop ended"),
        N_("E-commerce Law 31 and 33; Rules on online trading (SAMR order 37), 31"), N_("keep"),
    ),
)  # fmt: skip
