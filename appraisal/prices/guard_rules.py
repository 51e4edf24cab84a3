"""Which sales may speak: completed ones between strangers, one for each pair of people and model, none far off."""

from collections import Counter
from collections.abc import Iterable, Sequence

from appraisal.prices.median_rules import TO_SIGMA, median
from appraisal.prices.sale import Sale

FAR = 4.0  # robust standard deviations


def admit(sales: Iterable[Sale]) -> tuple[list[Sale], Counter[str]]:
    """(sales that may speak, how many were left out for which reason).

    Of several sales between the same two people and of one model the latest stays; which of them sold doesn't
    matter, so that things that are passed to and fro count once. Sales without both people stay as they are.
    """
    left: Counter[str] = Counter()
    open_sales = []
    for sale in sales:
        reason = _reason(sale)
        if reason:
            left[reason] += 1
        else:
            open_sales.append(sale)
    kept = _once_a_pair(open_sales)
    if len(open_sales) > len(kept):
        left["same_pair"] = len(open_sales) - len(kept)
    return kept, left


def _reason(sale: Sale) -> str | None:
    if sale.asking:
        return "asking"
    if sale.related or (sale.buyer and sale.buyer == sale.seller):
        return "related"
    return "not_positive" if sale.price <= 0 else None


def _once_a_pair(sales: Sequence[Sale]) -> list[Sale]:
    latest: dict[tuple[str, str, str], int] = {}
    for at, sale in enumerate(sales):
        pair = _pair(sale)
        if pair and (pair not in latest or _day(sale) >= _day(sales[latest[pair]])):
            latest[pair] = at
    chosen = set(latest.values())
    return [sale for at, sale in enumerate(sales) if at in chosen or _pair(sale) is None]


def _pair(sale: Sale) -> tuple[str, str, str] | None:
    if not (sale.buyer and sale.seller):
        return None
    return (min(sale.buyer, sale.seller), max(sale.buyer, sale.seller), sale.thing.model)


def _day(sale: Sale) -> int:
    return sale.sold_on.toordinal() if sale.sold_on else 0


def far_off(residuals: Sequence[float], sigma: float) -> list[bool]:
    """For each residual of one model whether it lies further from their median than four robust deviations.

    The deviation is the larger of their own (1.4826 MAD) and half of `sigma`, that of all sales, so that a model
    whose few sales agree by chance doesn't throw out the next.
    """
    middle = median(residuals)
    own = TO_SIGMA * median([abs(each - middle) for each in residuals])
    limit = FAR * max(own, sigma / 2)
    return [abs(each - middle) > limit for each in residuals]
