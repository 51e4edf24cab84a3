"""Steps for readers: in sentences of one language for a page, and as JSON with both for the command line."""

from collections.abc import Mapping
from typing import Any

from core.i18n import LANGUAGES, N_, say
from market.ledger.fees.amount_rules import written
from market.ledger.fees.explain import Explained
from market.ledger.fees.sayings import Speaker
from market.ledger.steps import ROUNDED, Said, Step
from market.ledger.words import ACCOUNTS


def explained(steps: list[Step], language: str, called: Mapping[str, str] = ACCOUNTS) -> list[Explained]:
    """`called`: the accounts' names where the entry has its own (`words.accounts_in`)."""
    return [_one(step, language, called) for step in steps]


def _one(step: Step, language: str, called: Mapping[str, str]) -> Explained:
    spoken = Speaker(step.unit, language)
    return Explained(
        label=step.label.spoken(language), amount=spoken.money(step.minor), formula=f"{step.formula} = {written(step.value)}",
        sentences=[*(one.spoken(language) for one in step.why), *_rounding(step, spoken), *_standing(step, spoken, called)],
        source=step.rule.spoken(language) if step.rule else "", result=bool(step.account),
    )  # fmt: skip


def _rounding(step: Step, spoken: Speaker) -> list[str]:
    if step.value == step.minor:
        return []
    how = say(ROUNDED[step.rounds], spoken.language, exact=spoken.exact(written(step.value)), rounded=spoken.money(step.minor))
    return [spoken(N_("Rounded: %(how)s."), how=how)]


def _standing(step: Step, spoken: Speaker, called: Mapping[str, str]) -> list[str]:
    if not step.account:
        return []
    account = spoken(called[step.account])
    if not step.minor:
        return [spoken(N_("Nothing stands on “%(account)s”."), account=account)]
    owed = N_("Stands on “%(account)s”: owed to it.") if step.posted > 0 else N_("Stands on “%(account)s”: owed by it.")
    return [spoken(owed, account=account)]


def was_rounded(steps: list[Step]) -> bool:
    return any(step.value != step.minor for step in steps)


def step_data(step: Step) -> dict[str, Any]:
    """{label, formula, value, rounds, rounded, unit, account, posted, rule, why}; words in both languages."""
    return {
        "label": _words(step.label), "formula": step.formula, "value": written(step.value), "rounds": step.rounds,
        "rounded": step.minor, "unit": step.unit, "account": step.account or None,
        "posted": step.posted if step.account else None, "rule": _words(step.rule) if step.rule else None,
        "why": [_words(one) for one in step.why],
    }  # fmt: skip


def _words(one: Said) -> dict[str, str]:
    return {language: one.spoken(language) for language in LANGUAGES}
