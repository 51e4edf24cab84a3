"""Which rule counts for a sale: of each name the most specific that fits. A tie is a mistake, found without any sales."""

from collections.abc import Sequence
from datetime import date

from market.ledger.fees.policy import Match, Rule, Sale


class DayNeeded(ValueError):
    """A rule of this name holds on certain days only, and the sale doesn't say its day."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def specificity(match: Match) -> tuple[bool, bool, bool]:
    """What a rule asks for, weightiest first: the seller, then the category, then days. Compare as tuples."""
    return (match.seller is not None, match.category is not None, match.dated)


def fits(rule: Rule, sale: Sale) -> bool:
    """All that the rule asks for must hold. Raises DayNeeded when only the unknown day decides."""
    match = rule.match
    if match.seller not in (None, sale.seller) or match.category not in (None, sale.category):
        return False
    if not match.dated:
        return True
    if sale.day is None:
        raise DayNeeded(rule.name)
    return (match.since or date.min) <= sale.day <= (match.until or date.max)


def chosen(rules: Sequence[Rule], sale: Sale) -> list[Rule]:
    """The rules that count, in the policy's order: one of each name. Raises DayNeeded."""
    best: dict[str, Rule] = {}
    for rule in rules:
        if fits(rule, sale) and (
            rule.name not in best or specificity(rule.match) > specificity(best[rule.name].match)
        ):
            best[rule.name] = rule
    return [rule for rule in rules if best.get(rule.name) is rule]


def tied_rules(rules: Sequence[Rule]) -> tuple[int, int] | None:
    """The places of two rules of one name that are equally specific and can both hold for some sale; None if there are none."""
    for later, one in enumerate(rules):
        for earlier, other in enumerate(rules[:later]):
            if one.name == other.name and _meet(one.match, other.match):
                return earlier, later
    return None


def _meet(one: Match, other: Match) -> bool:
    if specificity(one) != specificity(other):
        return False
    if one.seller != other.seller or one.category != other.category:
        return False
    begins = max(one.since or date.min, other.since or date.min)
    return begins <= min(one.until or date.max, other.until or date.max)
