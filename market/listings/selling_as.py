"""In whose name somebody sells: their own, or that of a shop where they work and which the platform has checked."""

from collections.abc import Sequence
from typing import Any, Final

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import RadioField

from core.access import visitor
from core.errors import Invalid
from core.forms import text
from core.i18n import N_
from core.people.models import Membership, Organisation, SellerFile
from core.people.names import shown_org
from core.people.sellers import seller_kind
from market.listings.sell_form import PriceForm

ROLES: Final = ("shop_clerk", "shop_manager", "administrator")


class SellForm(PriceForm):
    """Screen 3. Who works nowhere isn't asked in whose name."""

    sell_as = RadioField(text("Who sells it?"), default="", validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = places(g.db, str(visitor().account_id))
        if found:
            self.sell_as.choices = [("", text("I myself")), *((org.id, shown_org(org, g.language)) for org in found)]
        else:
            del self.sell_as

    @property
    def chosen(self) -> str:
        """An organisation's id, or "" for oneself."""
        return str(self["sell_as"].data or "") if "sell_as" in self else ""


def places(session: Session, account_id: str) -> Sequence[Organisation]:
    """The organisations in whose name this person may sell now."""
    works = select(Membership.org_id).where(
        Membership.account_id == account_id, Membership.ended_at.is_(None), Membership.role.in_(ROLES)
    )
    checked = select(SellerFile.org_id).where(SellerFile.org_id.is_not(None))
    query = select(Organisation).where(Organisation.id.in_(works), Organisation.id.in_(checked), Organisation.state == "approved")
    return session.scalars(query.order_by(Organisation.name)).all()


def seller_of(session: Session, account_id: str, chosen: str) -> tuple[str | None, str]:
    """(organisation or None, kind of seller) of a new listing. Raises Invalid for a shop one can't sell for.

    What a consignment shop puts up here is its own; goods of others come with their consignment."""
    if not chosen:
        return None, seller_kind(session, account_id, None)
    if chosen not in {org.id for org in places(session, account_id)}:
        raise Invalid(
            "not_your_shop", N_("You can sell for a shop only while you work there and the platform has checked it."),
            field="sell_as",
        )  # fmt: skip
    kind = seller_kind(session, account_id, chosen)
    return chosen, "operator" if kind == "consignment" else kind
