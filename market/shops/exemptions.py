"""An organisation without a licence says on which ground it needs none; staff decide, and can end it again."""

from sqlalchemy import select

from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Organisation
from core.people.notices import notify
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.shops import queries, standing
from market.shops.grounds import BY_LAW, find_ground
from market.shops.models import ShopExemption
from market.shops.states import EXEMPTION
from market.shops.waits import exemption_ask

LICENCE_THERE = N_("A licence is on file here: its number stands on the page, and no exemption is needed.")


def state_ground(w: Work, org_id: str, ground: str, law: str = "", words: str = "") -> ShopExemption:
    """`law`: its name and article, for the ground by_law only; `words`: for staff. Raises Invalid at a field, Refused where
    there is a licence or one waits or counts already."""
    demand_role(w, org_id, *queries.MANAGERS)
    org = w.session.get_one(Organisation, org_id, with_for_update=True)
    if standing.licence_of(w.session, org):
        raise Refused("licence_there", LICENCE_THERE)
    if find_ground(ground) is None:
        raise Invalid("ground_missing", N_("Choose the ground on which the law asks for no registration."), field="ground")
    law = " ".join(law.split()) if ground == BY_LAW else ""
    if ground == BY_LAW and not 4 <= len(law) <= 100:
        raise Invalid("law_missing", N_("Name the law or regulation and its article."), field="law")
    live = select(ShopExemption.id).where(ShopExemption.org_id == org_id, ShopExemption.state.in_(("asked", "granted")))
    if w.session.scalars(live).first() is not None:
        raise Refused("exemption_there", N_("One is waiting or counts already. Take that one back first."))
    row = ShopExemption(
        id=ids.new_id(), org_id=org_id, ground=ground, law=law, words=words.strip()[:400], asked_by=w.actor.id, asked_at=w.now,
        decided_by=None, decided_at=None,
    )  # fmt: skip
    queue.ask(w, "exemption", exemption_ask(w.session, row, org))
    w.put(row)
    w.record("market:shop_exemption:asked", row.id, org=org_id, ground=ground)
    return row


def take_back(w: Work, row: ShopExemption) -> None:
    """Raises Refused once it is decided."""
    demand_role(w, row.org_id, *queries.MANAGERS)
    EXEMPTION.next(row.state, "take_back")
    queue.lapse(w, "exemption", row.id)
    walk(w, EXEMPTION, row, "take_back")
    w.record("market:shop_exemption:taken_back", row.id, org=row.org_id)


def decide(w: Work, row: ShopExemption, granted: bool, reason: str) -> None:
    """Raises Invalid without a reason, Forbidden for people of that organisation."""
    _demand_staff(w, row)
    verb = "grant" if granted else "refuse"
    EXEMPTION.next(row.state, verb)
    queue.settle(w, "exemption", row.id, "granted" if granted else "refused", reason)
    walk(w, EXEMPTION, row, verb, decided_by=w.actor.id, decided_at=w.now)
    w.record("market:shop_exemption:decided", row.id, org=row.org_id, granted=granted)
    said = (
        N_("The exemption of %(shop)s was accepted: its page can be public.") if granted
        else N_("The exemption of %(shop)s wasn't accepted: %(reason)s")
    )  # fmt: skip
    _tell(w, row, said, reason=reason.strip()[:200])


def end(w: Work, row: ShopExemption, reason: str) -> None:
    """What was accepted doesn't hold any more. Raises Invalid without a reason."""
    _demand_staff(w, row)
    if not reason.strip():
        raise Invalid("reason_missing", N_("Give a reason: it stands beside the decision."), field="reason")
    walk(w, EXEMPTION, row, "end")
    w.record("market:shop_exemption:ended", row.id, org=row.org_id)
    _tell(w, row, N_("The exemption of %(shop)s was ended: %(reason)s"), reason=reason.strip()[:200])


def _demand_staff(w: Work, row: ShopExemption) -> None:
    demand_role(w, None, "administrator")
    if w.actor.id in queries.part_of(w.session, row.org_id, row.asked_by):
        raise Forbidden("own_matter", N_("Somebody who doesn't work there decides on it."))


def _tell(w: Work, row: ShopExemption, sentence: str, **values: str) -> None:
    org = w.session.get_one(Organisation, row.org_id)
    used = {name: one for name, one in values.items() if f"%({name})s" in sentence}
    for account_id in queries.people_of(w.session, row.org_id, queries.MANAGERS):
        notify(w, account_id, sentence, f"/shops/{row.org_id}/exemption", kind="roles", shop=org.name, **used)
