"""Who may collect goods or money for a consignor: named at the counter with their paper, checked by its last four signs."""

from dataclasses import dataclass

from core import ids
from core.errors import Invalid, Refused
from core.i18n import N_
from core.once import done_once
from core.people.acting import demand_role
from core.work import Work
from market.channels.consignment import actions, queries, rules
from market.channels.consignment.models import Consignor, Delegate
from market.channels.consignment.rules import Paper

MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom the consignor names, by the paper that was shown, and what for."""

    name: str
    paper: Paper
    goods: bool
    money: bool


def name(w: Work, row: Consignor, named: Named, once: str = "") -> Delegate:
    """The consignor stands at the counter and names somebody. Raises Invalid at the field, Refused when it is enough. Sent twice,
    named once."""
    demand_role(w, row.org_id, *actions.STAFF)
    facts = (row.id, queries.paper_digest(named.paper), named.goods, named.money)
    return queries.get_delegate(w.session, done_once(w, "consignor_delegate", once, lambda: _name(w, row, named), *facts))


def _name(w: Work, row: Consignor, named: Named) -> str:
    actions.demand_open(row)
    said = rules.read_full_name(named.name, named.paper.kind)
    if not (named.goods or named.money):
        raise Invalid("for_nothing", N_("Say what they may collect: goods, money, or both."), field="goods")
    if len(queries.live_delegates(w.session, row.id)) >= MOST:
        raise Refused("delegates_enough", N_("Five people may collect at most. End one of them first."))
    one = Delegate(
        id=ids.new_id(), consignor_id=row.id, name=queries.sealed(said, queries.NAME),
        shown=rules.masked_name(said, named.paper.kind), paper_kind=named.paper.kind,
        paper_no=queries.sealed(named.paper.number, queries.PAPER), paper_masked=named.paper.masked, goods=named.goods,
        money=named.money, named_by=w.actor.id, named_at=w.now, ended_at=None, ended_why="",
    )  # fmt: skip
    w.put(one)
    w.record("market:consignor_delegate:named", one.id, file=row.id, goods=one.goods, money=one.money)
    return one.id


def end(w: Work, row: Consignor, one: Delegate, why: str) -> None:
    """By the consignor's own word (`why` is "asked" then), or by staff with a reason. Raises Invalid without one."""
    own = row.account_id == w.actor.id
    if not own:
        demand_role(w, row.org_id, *actions.STAFF)
    reason = "asked" if own else why
    if reason not in rules.DELEGATE_ENDS:
        raise Invalid("why_missing", actions.CHOOSE, field="why")
    if one.ended_at is not None:
        raise Refused("delegate_over", N_("They may not collect any more already."))
    one.ended_at, one.ended_why = w.now, reason
    w.record("market:consignor_delegate:ended", one.id, file=row.id, why=reason, by="person" if own else "shop")


def check(w: Work, row: Consignor, one: Delegate, last_four: str) -> bool:
    """Do the last four signs of the paper at the counter fit? Recorded either way. Raises Refused for who may not collect,
    Invalid for what isn't four signs."""
    demand_role(w, row.org_id, *actions.STAFF)
    if one.ended_at is not None or row.state == "erased":
        raise Refused("delegate_over", N_("They may not collect any more already."))
    fits = rules.is_last_four(queries.plain(one.paper_no, queries.PAPER), rules.read_four(last_four))
    w.record("market:consignor_delegate:checked", one.id, file=row.id, fits=fits)
    return fits
