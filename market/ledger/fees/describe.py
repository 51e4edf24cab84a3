"""A policy in plain sentences: what each rule charges, on which sales, and the terms that hold for all of them."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from core.data_files import text
from core.goods.describe import category_name
from core.i18n import N_
from market.ledger.fees.policy import Band, Match, Policy, Rule
from market.ledger.fees.sayings import Speaker, name_of
from market.ledger.fees.words import ABSORBERS, BASES, MODES


@dataclass(frozen=True, slots=True)
class RuleShown:
    """`charges`: the main sentence; `bands`: one a step; `only`: on which sales, empty for all; `more`: what else holds."""

    name: str
    charges: str
    bands: Sequence[str]
    only: Sequence[str]
    more: Sequence[str]


def title_of(policy: Policy, language: str) -> str:
    return text(policy.title, language) if policy.title else policy.id


def describe(policy: Policy, language: str) -> list[RuleShown]:
    """Every rule, in the policy's order."""
    return [_rule(rule, Speaker(policy.currency, language)) for rule in policy.rules]


def _rule(rule: Rule, say: Speaker) -> RuleShown:
    label = {"zh": rule.label.zh, "en": rule.label.en} if rule.label else None
    more = [say(N_("It comes off first; everything else is reckoned on what is left."))] if rule.before_split else []
    bands = [_band(rule, at, say) for at in range(len(rule.bands))]
    return RuleShown(name_of(rule.name, label, say.language), _charges(rule, say), bands, _only(rule.match, say), more)


def _charges(rule: Rule, say: Speaker) -> str:
    main = {"flat": _flat, "per_item": _per_item, "percent": _percent, "steps": _steps}[rule.kind](rule, say)
    parts = [main]
    if rule.least is not None:
        parts.append(say(N_("at least %(amount)s"), amount=say.money(rule.least)))
    if rule.most is not None:
        parts.append(say(N_("at most %(amount)s"), amount=say.money(rule.most)))
    return _joined(say, *parts)


def _joined(say: Speaker, *parts: str) -> str:
    return functools.reduce(lambda one, other: say(N_("%(one)s, %(other)s"), one=one, other=other), parts)


def _flat(rule: Rule, say: Speaker) -> str:
    return say(N_("%(amount)s for each sale"), amount=say.money(rule.amount))


def _per_item(rule: Rule, say: Speaker) -> str:
    return say(N_("%(amount)s for each piece"), amount=say.money(rule.amount))


def _percent(rule: Rule, say: Speaker) -> str:
    return say(N_("%(percent)s %% of %(base)s"), percent=rule.percent.text, base=say(BASES[rule.base]))


def _steps(rule: Rule, say: Speaker) -> str:
    graduated = N_("by steps of %(base)s, each step charges its own stretch")
    whole = N_("by steps of %(base)s, the highest step reached counts for the whole")
    return say(graduated if rule.graduated else whole, base=say(BASES[rule.base]))


def _band(rule: Rule, at: int, say: Speaker) -> str:
    band, start = rule.bands[at], say.money(rule.bands[at].start)
    if at + 1 == len(rule.bands):
        return say(N_("from %(start)s on: %(charge)s"), start=start, charge=_charge(band, say))
    end = say.money(rule.bands[at + 1].start)
    return say(N_("from %(start)s to below %(end)s: %(charge)s"), start=start, end=end, charge=_charge(band, say))


def _charge(band: Band, say: Speaker) -> str:
    return f"{band.percent.text} %" if band.percent else say.money(band.amount or 0)


def _only(match: Match, say: Speaker) -> list[str]:
    found = []
    if match.seller:
        found.append(say(N_("only for the seller %(seller)s"), seller=match.seller))
    if match.category:
        found.append(say(N_("only for: %(category)s"), category=category_name(match.category, say.language)))
    since, until = (day and written_day(day, say.language) for day in (match.since, match.until))
    if since and until:
        found.append(say(N_("from %(since)s to %(until)s, both days included"), since=since, until=until))
    elif since:
        found.append(say(N_("from %(since)s on"), since=since))
    elif until:
        found.append(say(N_("until %(until)s, this day included"), until=until))
    return found


def written_day(day: date, language: str) -> str:
    return format_date(day, "medium", locale=language)


def terms(policy: Policy, language: str) -> list[tuple[str, str]]:
    """(what, how) of what holds for all rules."""
    say = Speaker(policy.currency, language)
    on = N_("the fees are rounded, the seller gets the rest") if policy.rounding.on == "commission" else N_(
        "what the seller gets is rounded, the commission is the rest"
    )  # fmt: skip
    per = N_("each line by itself") if policy.rounding.per == "line" else N_("all lines of one seller together")
    owing = N_("A sale may leave the seller owing.")
    return [
        (say(N_("Rounding")), _joined(say, say(MODES[policy.rounding.mode]), say(on), say(per))),
        (say(N_("A discount is borne by")), _absorber(policy, say)),
        (say(N_("If the fees are more than the sale brings in")),
         say(N_("The fees give way; the seller never owes.") if policy.clamps else owing)),
        (say(N_("Things lost in a shop's keeping")), say(N_("Paid for as if sold") if policy.pays_lost else N_("Not paid for"))),
        (say(N_("Of several rules of one name")),
         say(N_("The closest counts: one for the seller before one for the category before one for certain days"))),
    ]  # fmt: skip


def _absorber(policy: Policy, say: Speaker) -> str:
    if policy.absorber == "shared" and policy.shares[0] != policy.shares[1]:
        parts = {"shop": policy.shares[0], "seller": policy.shares[1]}
        return say(N_("both: platform or shop %(shop)s parts, the seller %(seller)s parts"), **parts)
    return say(ABSORBERS[policy.absorber])
