"""How a sale and a part taken back stand in the books, and how the amounts came about that payments are given: from the order,
its frozen fee policy and the earlier entries of the same order."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.money import Money
from market.ledger.explaining import Behind, Teller, explains, leads_to, on
from market.ledger.models import Entry
from market.ledger.steps import ROUNDED, Said, Step, said, whole
from market.orders import explain_moves as moves
from market.orders.models import Order
from market.payments.explain_moves import BEARS

WHY = {
    "unwind": N_("The order ended without the sale: all that is left of the price goes back."),
    "hold_ended": N_("Nobody had decided when the time to hold the money was over: all that is left goes back."),
    "at_provider": N_("The platform's operator sent it back at the provider itself; the books follow."),
    "dispute_lost": N_("The buyer's bank decided the dispute and keeps it: it counts like a refund of that part."),
    "case": N_("It was agreed or decided in an after-sales case."),
}
BACK = ("refund", "dispute_lost")  # entries by which a part of the sale is taken back


def sale(session: Session, entry: Entry) -> Sequence[Step]:
    order = session.get(Order, entry.subject_id)
    if order is None:
        return ()
    price, fee, unit = order.price_minor, _fee(order, entry), order.currency
    agreed = said(N_("The price that was agreed with order %(number)s."), number=order.number)
    left = said(N_("The price less the platform's fee."))
    return (
        whole(said(N_("Price that the buyer owes")), price, unit, agreed, account="buyer", side=-1),
        fee,
        whole(said(N_("Owed to the seller")), price - fee.minor, unit, left, formula=f"{price} - {fee.minor}",
              account="seller_payable"),
    )  # fmt: skip


def _fee(order: Order, entry: Entry) -> Step:
    """What the frozen policy charges. A single fee keeps its own arithmetic and rounding; several are added up."""
    unit, label = order.currency, said(N_("Platform fee"))
    parts = [one for one in (entry.explanation or {}).get("trace", ()) if one["kind"] not in NO_FEE]
    if len(parts) == 1 and parts[0]["rounds"] in ROUNDED and parts[0]["unit"] == unit:
        one = parts[0]
        return Step(label=label, formula=one["formula"], minor=one["rounded"], unit=unit, value=Fraction(one["value"]),
                    account="platform_fee", rounds=one["rounds"], rule=_policy(order))  # fmt: skip
    amounts = [int(one["rounded"]) for one in parts]
    formula = " + ".join(str(one) if one >= 0 else f"({one})" for one in amounts)
    return whole(label, sum(amounts), unit, formula=formula, account="platform_fee", rule=_policy(order))


NO_FEE = ("gross", "discount", "base", "lost", "payout")


def _policy(order: Order) -> Said:
    if not order.fee_policy:
        return said(N_("No fee policy counted when it was ordered"))
    told = N_("Fee policy %(policy)s, version %(version)s, frozen when it was ordered")
    return said(told, policy=order.fee_policy, version=order.fee_version)


def refund(session: Session, entry: Entry) -> Sequence[Step]:
    """A part of the sale taken back, on the running total: the platform's share first, the seller's is the rest."""
    order = session.get(Order, entry.subject_id)
    if order is None:
        return ()
    amount, unit = on(entry, "buyer"), order.currency
    before, given = _before(session, entry)
    lost = entry.kind == "dispute_lost"
    label = said(N_("Part of the price that the buyer's bank took")) if lost else said(N_("Part of the price that goes back"))
    rule = moves.hold_rule() if "/hold_ended/" in entry.key else said(BEARS) if lost else None
    back = whole(label, amount, unit, *_why_back(order, entry, amount, before), account="buyer", rule=rule)
    fee = _fee_back(order, before + amount, given)
    rest = said(N_("What goes back less the platform's share of it."))
    share = whole(said(N_("The seller's share of it")), amount - fee.minor, unit, rest, formula=f"{amount} - {fee.minor}",
                  account="seller_payable", side=-1)  # fmt: skip
    return back, fee, share


def _why_back(order: Order, entry: Entry, amount: int, before: int) -> list[Said]:
    part, price = Money(amount, order.currency), Money(order.price_minor, order.currency)
    why = [said(N_("%(part)s of the price of %(price)s."), part=part, price=price)]
    if before:
        why.append(said(N_("%(before)s had gone back already."), before=Money(before, order.currency)))
    code = next((code for code in entry.key.split("/") if code in WHY), "")
    return [*why, said(WHY[code])] if code else why


def _before(session: Session, entry: Entry) -> tuple[int, int]:
    """Of this order, before this entry: what was taken back of the price, and the platform's fee in it."""
    query = select(Entry).where(Entry.subject_id == entry.subject_id, Entry.kind.in_(BACK), Entry.posted, Entry.id < entry.id)
    earlier = session.scalars(query.order_by(Entry.id)).all()
    return sum(on(one, "buyer") for one in earlier), -sum(on(one, "platform_fee") for one in earlier)


def _fee_back(order: Order, total: int, given: int) -> Step:
    """The fee's share of everything that went back so far (order_rules.shares), less what of it was given back before."""
    fee, price, unit = order.fee_minor, order.price_minor, order.currency
    value = Fraction(total * fee, price) - given
    down = -((1 - 2 * value) // 2)  # the nearest whole unit; an exact half is the seller's
    why = [
        said(N_("%(total)s of %(price)s went back so far: this part of the fee of %(fee)s, less %(given)s from before."),
             total=Money(total, unit), price=Money(price, unit), fee=Money(fee, unit), given=Money(given, unit)),
        said(N_("Counted on the running total: paying back in parts comes to the same as paying back at once.")),
    ]  # fmt: skip
    return Step(label=said(N_("The fee's share of it, given back")), formula=f"{total} * {fee} / {price} - {given}",
                value=value, minor=int(down), unit=unit, account="platform_fee", side=-1, rounds="half_down", why=tuple(why),
                rule=_policy(order))  # fmt: skip


def behind(session: Session, entry: Entry) -> Iterator[Behind]:
    order = session.get(Order, entry.subject_id)
    if order is not None:
        yield Behind(said(N_("Order %(number)s"), number=order.number), f"/orders/{order.id}", "market:order:read", order)


def register() -> None:
    explains("sale", sale)
    for kind in BACK:
        explains(kind, refund)
    for kind, teller in moves.TELLERS.items():
        leads_to(kind, "orders", _of_orders(teller))


def _of_orders(teller: Teller) -> Teller:
    """Only where there is an order whose entries can be read."""
    return lambda session, entry: teller(session, entry) if session.get(Order, entry.subject_id) is not None else ()
