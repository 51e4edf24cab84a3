"""A policy from JSON, strictly: what can't be meant is refused with its place, and nothing is guessed."""

import re
from collections.abc import Iterator
from typing import Any

from core.data_files import Bilingual
from core.i18n import N_
from market.ledger.fees.matching_rules import tied_rules
from market.ledger.fees.policy import Band, Base, Match, Percent, Policy, Rounding, Rule, Version
from market.ledger.fees.strict import Inexact, Reader, Unreadable
from market.ledger.fees.trace_rules import OWN_WORDS

MODES = ("half_up", "half_even", "down", "up")
KINDS = ("flat", "per_item", "percent", "steps")
MOST_RULES, MOST_BANDS, MOST_SHARE = 100, 50, 1000
# what the rule's kind is reckoned from
_SOURCE = {"flat": "amount", "per_item": "amount", "percent": "percent", "steps": "steps"}


def read_policy(raw: Any) -> Policy:
    """A policy from its JSON value. Raises Unreadable."""
    top = Reader(raw)
    found = Policy(
        id=top.name("id"),
        version=_version(top),
        currency=_currency(top),
        rounding=_rounding(top.inner("rounding")),
        absorber=top.choice("discount_absorbed_by", ("shop", "seller", "shared")),
        shares=_shares(top),
        clamps=top.choice("negative_payout", ("clamp", "allow")) == "clamp",
        pays_lost=top.choice("lost_items", ("paid", "not_paid"), otherwise="paid") == "paid",
        channel=top.text("channel", needed=False) or "",
        title=_bilingual(top, "title", 80),
        note=_bilingual(top, "note", 600),
        rules=tuple(_rule(one) for one in top.items("rules", most=MOST_RULES)),
    )
    top.done()
    tie = tied_rules(found.rules)
    if tie:
        sentence = N_("Rule %(earlier)s has the same name and fits some of the same sales just as closely: which one counts?")
        raise Unreadable(f"rules[{tie[1]}]", "tied", sentence, earlier=tie[0] + 1)
    return found


def _version(top: Reader) -> Version:
    if isinstance(top.look("version"), str) and not isinstance(top.look("version"), Inexact):
        return top.name("version", most=20)
    return top.whole("version", least=1, most=10**6) or 1


def _currency(top: Reader) -> str:
    value = top.name("currency")
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise top.wrong("currency", "no_currency", N_("A currency is three capital letters, such as CNY."))
    return value


def _rounding(reader: Reader) -> Rounding:
    found = Rounding(
        mode=reader.choice("mode", MODES),
        on=reader.choice("on", ("commission", "payout")),
        per=reader.choice("per", ("line", "total"), otherwise="line"),
    )
    reader.done()
    return found


def _shares(top: Reader) -> tuple[int, int]:
    """Halves unless the policy says otherwise."""
    inner = top.find_inner("discount_shares")
    if inner is None:
        return 1, 1
    if top.look("discount_absorbed_by") != "shared":
        raise top.wrong("discount_shares", "not_shared", N_("Only a shared discount is divided in parts."))
    shop, seller = (inner.whole(side, most=MOST_SHARE) or 0 for side in ("shop", "seller"))
    inner.done()
    if not shop + seller:
        raise top.wrong("discount_shares", "no_shares", N_("At least one side must bear a share."))
    return shop, seller


def _bilingual(reader: Reader, key: str, most: int) -> Bilingual | None:
    inner = reader.find_inner(key)
    if inner is None:
        return None
    both = Bilingual(zh=inner.name("zh", most=most), en=inner.name("en", most=most))
    inner.done()
    return both


def _rule(reader: Reader) -> Rule:
    name, kind = reader.name("name"), reader.choice("kind", KINDS)
    if name in OWN_WORDS:
        raise reader.wrong("name", "own_word", N_("No fee may be called %(name)s: the reckoning uses this word."), name=name)
    for other in ("amount", "percent", "steps"):
        if other != _SOURCE[kind] and reader.has(other):
            raise reader.wrong(other, "not_of_kind", N_("A rule of the kind %(kind)s has no such key."), kind=kind)
    bands = tuple(_bands(reader)) if kind == "steps" else ()
    found = Rule(
        name=name,
        kind=kind,
        amount=(reader.whole("amount") or 0) if kind in ("flat", "per_item") else 0,
        percent=Percent(reader.percent("percent")) if kind == "percent" else Percent("0"),
        bands=bands,
        graduated=reader.flag("graduated"),
        least=reader.whole("min", needed=False),
        most=reader.whole("max", needed=False),
        base=_base(reader, kind),
        before_split=reader.flag("before_split"),
        match=_match(reader),
        label=_bilingual(reader, "label", 40),
    )
    reader.leave("amount", "percent", "steps")
    reader.done()
    _check(reader, found)
    return found


def _base(reader: Reader, kind: str) -> Base:
    """Only a percentage or steps are reckoned on something."""
    found: Base = reader.choice("base", ("gross", "net"), otherwise="gross")
    return found if kind in ("percent", "steps") else "gross"


def _check(reader: Reader, rule: Rule) -> None:
    if rule.graduated and rule.kind != "steps":
        raise reader.wrong("graduated", "not_of_kind", N_("A rule of the kind %(kind)s has no such key."), kind=rule.kind)
    if rule.least is not None and rule.most is not None and rule.least > rule.most:
        raise reader.wrong("min", "min_above_max", N_("The least is more than the most."))


def _bands(reader: Reader) -> Iterator[Band]:
    before = -1
    for one in reader.items("steps", most=MOST_BANDS):
        start = one.whole("from") or 0
        if start <= before:
            raise one.wrong("from", "not_rising", N_("Each step begins above the one before."))
        if one.has("percent") == one.has("amount"):
            raise one.wrong("percent", "one_of_both", N_("A step has either a percentage or an amount."))
        if one.has("percent"):
            yield Band(start, percent=Percent(one.percent("percent")))
        else:
            yield Band(start, amount=one.whole("amount"))
        one.leave("percent", "amount")
        one.done()
        before = start
    if before < 0:
        raise reader.wrong("steps", "no_steps", N_("At least one step is needed."))


def _match(reader: Reader) -> Match:
    inner = reader.find_inner("match")
    if inner is None:
        return Match()
    found = Match(
        category=inner.text("category", needed=False),
        seller=inner.text("seller", needed=False),
        since=inner.day("from"),
        until=inner.day("until"),
    )
    inner.done()
    if found.since and found.until and found.since > found.until:
        raise inner.wrong("from", "from_after_until", N_("The first day is after the last."))
    return found
