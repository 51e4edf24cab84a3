"""What a thing costs on which day under its terms, and who gets what when it is sold then.

The plan's percentages count off the asking price, the deepest step reached alone; the reserve is the floor; a thing marked "no
markdowns" keeps its price. Always: what the consignor gets + what the shop keeps = what the buyer pays, to the fen."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from core.data_files import Bilingual
from core.money import round_ratio
from market.channels.consignment.agreements.terms import SERVICES, Terms
from market.ledger.fees.policy import COMMISSION, Line, Policy, Rule, Sale, Step
from market.ledger.fees.rules import compute

Standing = Literal["on_sale", "grace", "over"]


class BadCase(ValueError):
    """A thing that can't be reckoned: `key` is what is wrong with it, `code` and `words` how."""

    def __init__(self, code: str, key: str, words: str) -> None:
        super().__init__(f"{key}: {words}")
        self.code, self.key, self.words = code, key, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing, in fen. `reserve`: with a fixed net price this is what the consignor gets; `days` since it is on the floor;
    `kept_price`: no markdowns; `discount`: off the day's price at the till; `services`: done for it, of terms.SERVICES."""

    asking: int
    days: int
    reserve: int = 0
    kept_price: bool = False
    discount: int = 0
    category: str | None = None
    services: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """`percent`: of the plan, 0 for none; `price`: of the day; `lowest`: what the shop may go down to without asking; `paid` by
    the buyer; `net` to the consignor, `shop` = paid - net; `line`: the ledger's own, with its fees; `trace`: all steps."""

    case: Case
    standing: Standing
    percent: int
    price: int
    lowest: int
    paid: int
    net: int
    shop: int
    line: Line
    trace: tuple[Step, ...]


def standing(terms: Terms, days: int) -> Standing:
    if days <= terms.term.days:
        return "on_sale"
    return "grace" if days <= terms.term.days + terms.term.grace_days else "over"


def percent_on(terms: Terms, days: int, *, kept_price: bool = False) -> int:
    """Of the deepest step reached."""
    return max((one.percent for one in terms.markdown if one.day <= days and not kept_price), default=0)


def cut(asking: int, percent: int, reserve: int) -> int:
    """So many percent off, half a fen and more counts up, never below the reserve."""
    return max(reserve, round_ratio(asking * (100 - percent), 100, "half_up"))


def price_on(terms: Terms, case: Case) -> int:
    return cut(case.asking, percent_on(terms, case.days, kept_price=case.kept_price), case.reserve)


def lowest_on(terms: Terms, case: Case) -> int:
    """What the shop may go down to by itself on that day (Civil Code 955). A thing without a reserve has no room below."""
    price, authority = price_on(terms, case), terms.price
    if case.kept_price:
        return price
    if authority.authority == "lower" and case.days >= authority.after_days:
        return min(price, cut(case.asking, authority.percent, case.reserve))
    if authority.authority == "reserve" and case.reserve:
        return case.reserve
    return price


def storage(terms: Terms, days: int) -> tuple[int, int]:
    """(days that count, fen) after the term and its grace days, up to the cap."""
    late = max(0, days - terms.term.days - terms.term.grace_days)
    return late, min(late * terms.charges.storage_day, terms.charges.storage_cap)


def reckon(terms: Terms, case: Case) -> Reckoned:
    """Raises BadCase."""
    _check(terms, case)
    price, lowest = price_on(terms, case), lowest_on(terms, case)
    paid = price - case.discount
    policy = _policy_of(terms, case, price)
    if case.discount > price or (paid < case.reserve and policy.absorber != "shop"):
        raise BadCase("below_reserve", "discount", f"takes the price to {paid}, the reserve is {case.reserve}")
    sale = Sale(id="thing", price=price, category=case.category, discount=case.discount)
    line = compute(policy, [sale]).lines[0]
    return Reckoned(
        case=case, standing=standing(terms, case.days), percent=percent_on(terms, case.days, kept_price=case.kept_price),
        price=price, lowest=lowest, paid=paid, net=line.payout, shop=paid - line.payout, line=line,
        trace=(*_before(terms, case, price, policy), *line.trace),
    )  # fmt: skip


def _check(terms: Terms, case: Case) -> None:
    if case.asking < 1:
        raise BadCase("price", "price", "must be at least 1 fen")
    if case.days < 0:
        raise BadCase("days", "days", "must not be negative")
    if case.discount < 0:
        raise BadCase("discount", "discount", "must not be negative")
    if not 0 <= case.reserve <= case.asking:
        raise BadCase("reserve", "reserve", f"must be from 0 to the asking price {case.asking}")
    if terms.pay.kind == "net" and not case.reserve:
        raise BadCase("net_missing", "reserve", "the net price is needed: it is what the consignor gets")
    unknown = case.services - set(SERVICES)
    if unknown:
        raise BadCase("service", "with", f"there is no service {sorted(unknown)[0]}; there are: {', '.join(SERVICES)}")


LABELS = {
    "storage": Bilingual(zh="保管费", en="Storage"),
    "cleaning": Bilingual(zh="清洁费", en="Cleaning"),
    "appraisal": Bilingual(zh="鉴定评估费", en="Appraisal"),
    "wiping": Bilingual(zh="信息清除费", en="Wiping"),
}
_OVER_NET = Bilingual(zh="净价以上的部分", en="What is above the net price")


def _policy_of(terms: Terms, case: Case, price: int) -> Policy:
    """The agreed policy with what this thing owes: services done, storage, and the shop's part above a fixed net price."""
    policy, more = terms.pay.policy, list[Rule]()
    if terms.pay.kind == "net":
        more.append(_flat(COMMISSION, price - case.reserve, _OVER_NET))
    owed = {"storage": storage(terms, case.days)[1]}
    owed |= {one: terms.charges.of(one) for one in SERVICES if one in case.services}
    more += [_flat(name, minor, LABELS[name]) for name, minor in owed.items() if minor]
    return replace(policy, rules=(*policy.rules, *more))


def _flat(name: str, minor: int, label: Bilingual) -> Rule:
    return Rule(name=name, kind="flat", amount=minor, label=label)


def _before(terms: Terms, case: Case, price: int, policy: Policy) -> Iterable[Step]:
    """How the day's price and the amounts of the flat rules came about; the ledger's trace goes on from there."""
    percent = percent_on(terms, case.days, kept_price=case.kept_price)
    yield _step(policy, "asking", str(case.asking), case.asking, case.asking, days=case.days, kept=case.kept_price)
    if percent:
        exact = Fraction(case.asking * (100 - percent), 100)
        formula, cut_to = f"{case.asking} * (100 - {percent}) / 100", cut(case.asking, percent, 0)
        yield _step(policy, "markdown", formula, exact, cut_to, "half_up", percent=percent, days=case.days)
        if price != cut_to:
            yield _step(policy, "reserve", f"max({cut_to}, {case.reserve})", price, price, reserve=case.reserve)
    if terms.pay.kind == "net":
        over = price - case.reserve
        yield _step(policy, "above_net", f"{price} - {case.reserve}", over, over, net=case.reserve)
    late, owed = storage(terms, case.days)
    if owed:
        formula = f"min({late} * {terms.charges.storage_day}, {terms.charges.storage_cap})"
        rate, cap = terms.charges.storage_day, terms.charges.storage_cap
        yield _step(policy, "storage_days", formula, owed, owed, late=late, a_day=rate, cap=cap)


def _step(
    policy: Policy, kind: str, formula: str, value: Fraction | int, rounded: int, rounds: str = "exact", **facts: object
) -> Step:
    whole = Fraction(value)
    hundredths = whole * 100
    text = f"{whole}" if whole.denominator == 1 else f"{hundredths.numerator // 100}.{hundredths.numerator % 100:02d}".rstrip("0")
    return Step(
        rule=kind, version=policy.version, formula=formula, value=text, rounded=rounded, policy=policy.id, unit=policy.currency,
        kind=kind, rounds=rounds, facts=facts,
    )  # fmt: skip


def moments(terms: Terms) -> list[int]:
    """The days on which something changes: the first, each step, the end of term and grace, a month of storage after."""
    end = terms.term.days + terms.term.grace_days
    late = [end + 30] if terms.charges.storage_day else []
    return sorted({0, *(one.day for one in terms.markdown), terms.term.days, end, *late})
