"""What a resident keeps of points and shops: the name of their estate, and shops they follow."""

from core import secrets
from core.errors import Invalid
from core.i18n import N_
from core.work import Work
from market.shops import queries
from market.shops.models import HomeEstate, ShopFollower
from market.shops.rules import estate_key


def name_estate(w: Work, typed: str) -> None:
    """Kept for who acts; "" forgets it. Raises Invalid(estate)."""
    name = " ".join(typed.split())
    if not name:
        forget_estate(w, w.actor.id)
        return
    if len(name) > 40 or not estate_key(name):
        raise Invalid("estate_form", N_("Write the name of your estate, at most 40 signs."), field="estate")
    row = w.session.get(HomeEstate, w.actor.id, with_for_update=True)
    kept = secrets.encrypt(name, queries.ESTATE)
    if row is None:
        w.put(HomeEstate(account_id=w.actor.id, name=kept, set_at=w.now))
    else:
        row.name, row.set_at = kept, w.now
    w.record("market:home_estate:named", w.actor.id)


def forget_estate(w: Work, account_id: str) -> None:
    row = w.session.get(HomeEstate, account_id)
    if row is not None:
        w.session.delete(row)
        w.record("market:home_estate:forgotten", account_id)


def follow(w: Work, org_id: str) -> None:
    """Twice is once."""
    if not queries.follows(w.session, w.actor.id, org_id):
        w.put(ShopFollower(account_id=w.actor.id, org_id=org_id, at=w.now))
        w.record("market:shop:followed", org_id)


def unfollow(w: Work, org_id: str) -> None:
    row = w.session.get(ShopFollower, (w.actor.id, org_id))
    if row is not None:
        w.session.delete(row)
        w.record("market:shop:unfollowed", org_id)
