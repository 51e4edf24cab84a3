"""Does somebody who sells privately sell like a business? Counts against lines; the answer is a person's. Pure.

Sources: SAMR order 37, article 8 (100,000 yuan a year); judicial interpretation 2022 no. 8, article 7 (what a court weighs)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one person's own sales. `turnover_minor`: of the calendar year, less what was given back; `idle_minor`: the part of it
    that was sold as idle goods; `same_sales`, `same_minor`: of the brand and model they sold most."""

    turnover_minor: int = 0
    idle_minor: int = 0
    sales_year: int = 0
    sales_lately: int = 0
    same_sales: int = 0
    same_minor: int = 0
    same_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    limit_minor: int
    near_percent: int
    same_sales: int
    sales_lately: int


CODES = ("turnover_over", "turnover_near", "same_item", "frequency")


def crossed(figures: Figures, lines: Lines) -> tuple[str, ...]:
    """Codes of the lines that the figures have reached, in the order of CODES. Over the limit counts as over only."""
    found = []
    if figures.turnover_minor > lines.limit_minor:
        found.append("turnover_over")
    elif figures.turnover_minor * 100 >= lines.limit_minor * lines.near_percent:
        found.append("turnover_near")
    if figures.same_sales >= lines.same_sales:
        found.append("same_item")
    if figures.sales_lately >= lines.sales_lately:
        found.append("frequency")
    return tuple(found)


def percent_of_limit(figures: Figures, lines: Lines) -> int:
    """Whole percent of the limit, rounded down: 100 only once it is reached."""
    return figures.turnover_minor * 100 // lines.limit_minor
