"""The trace of a reckoned thing in sentences: how the day's price came about, then the ledger's own lines."""

from collections.abc import Iterator
from dataclasses import replace

from core.i18n import N_, say
from market.channels.consignment.agreements.rules import Reckoned
from market.ledger.fees.explain import Explained, explain_lines
from market.ledger.fees.policy import Step
from market.ledger.fees.sayings import Speaker
from market.ledger.fees.shape import step_data

_OWN = ("asking", "markdown", "reserve", "above_net", "storage_days")


def told(found: Reckoned, language: str) -> list[Explained]:
    own = [_own(step, Speaker(step.unit, language)) for step in found.trace if step.kind in _OWN]
    rest = explain_lines([step_data(step) for step in found.trace if step.kind not in _OWN], language)
    return [*own, *(replace(one, label=say(N_("To the consignor"), language)) if one.result else one for one in rest)]


def _own(step: Step, say: Speaker) -> Explained:
    labels = {
        "asking": N_("Asking price"), "markdown": N_("Price by the plan"), "reserve": N_("Not below the reserve"),
        "above_net": N_("Above the net price"), "storage_days": N_("Storage owed"),
    }  # fmt: skip
    formula = f"{step.formula} = {step.value}"
    return Explained(say(labels[step.kind]), say.money(step.rounded), list(_sentences(step, say)), formula)


def _sentences(step: Step, say: Speaker) -> Iterator[str]:
    facts = step.facts
    if step.kind == "asking" and facts["kept"]:
        yield say(N_("It is marked “no markdowns”: this wins over the plan."))
    elif step.kind == "markdown":
        yield say(
            N_("On day %(days)s the plan takes %(percent)s %% off the asking price."),
            days=facts["days"],
            percent=facts["percent"],
        )
        if step.value != str(step.rounded):
            yield say(N_("Rounded: %(how)s."), how=f"{say.exact(step.value)} → {say.money(step.rounded)}")
    elif step.kind == "reserve":
        yield say(N_("The reserve is %(amount)s: the price goes no lower."), amount=say.money(facts["reserve"]))
    elif step.kind == "above_net":
        yield say(N_("The consignor's net price is %(amount)s; what is above it is the shop's."), amount=say.money(facts["net"]))
    elif step.kind == "storage_days":
        values = {"late": facts["late"], "a_day": say.money(facts["a_day"]), "cap": say.money(facts["cap"])}
        yield say(N_("%(late)s days after the grace at %(a_day)s each, at most %(cap)s."), **values)
