"""Sales of the same model in the last 180 days, brought to today and to the thing by the weights of the hedonic model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from appraisal.prices.median_rules import effective_count, spread, weighted_median

DAYS = 180
LEAST = 5
HALF_LIFE = 90.0  # days: a sale so old counts half
DRIFT = 0.01 / 30.4375  # how far a model's own rate usually is from the market's: one percent a month, by the day
MEDIAN_COST = 1.5708  # the median of n normal values varies as the mean of n / (pi/2)

Words = tuple[str, ...]


def first_day(today: date) -> date:
    """The oldest day whose sales are still compared."""
    return today - timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Past:
    """A sale for comparison: `rest` is its log price less what the weights say of it; `words` its categories."""

    rest: float
    days: float
    words: Words


@dataclass(frozen=True, slots=True)
class Comparables:
    """What comparable sales say together: their middle, its variance, how many they are."""

    middle: float
    variance: float
    count: int


def own_drift(past: Sequence[Past], sigma: float) -> float:
    """What the model loses a day beyond the market's own rate, in logs, > 0 for a loss since: the slope of its sales
    over time, shrunk towards none."""
    n = len(past)
    if n < LEAST:
        return 0.0
    middle = sum(each.days for each in past) / n
    rest = sum(each.rest for each in past) / n
    squares = sum((each.days - middle) ** 2 for each in past)
    products = sum((each.days - middle) * (each.rest - rest) for each in past)
    return products / (squares + (sigma / DRIFT) ** 2) if squares else 0.0


def compare(past: Sequence[Past], sigma: float) -> Comparables | None:
    """The weighted median of sales that are recent enough, the newer the heavier; None for none."""
    recent = [each for each in past if each.days <= DAYS]
    if not recent:
        return None
    weights = [0.5 ** (each.days / HALF_LIFE) for each in recent]
    rests = [each.rest for each in recent]
    middle = weighted_median(rests, weights)
    # five sales that agree by chance aren't better known than the rest of the market
    deviation = max(spread(rests, middle), sigma / 2)
    return Comparables(middle, MEDIAN_COST * deviation**2 / effective_count(weights), len(recent))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The comparables of one model: all together, and those of each set of categories that has enough."""

    together: Comparables | None
    alike: Mapping[Words, Comparables]

    def find(self, words: Words) -> Comparables | None:
        """The sales of the same categories (storage, colour) where there are five, else all of the model."""
        return self.alike.get(words, self.together)


def shelve(past: Sequence[Past], sigma: float) -> Shelf:
    """Sales of one model, brought to today by its own drift, in their order on the shelf."""
    drift = own_drift(past, sigma)
    if drift:
        past = [Past(each.rest - drift * each.days, each.days, each.words) for each in past]
    sorted_by: dict[Words, list[Past]] = {}
    for each in past:
        if each.days <= DAYS:
            sorted_by.setdefault(each.words, []).append(each)
    several = len(sorted_by) > 1
    found = {
        words: made
        for words, some in sorted(sorted_by.items())
        if several and len(some) >= LEAST and (made := compare(some, sigma))
    }
    return Shelf(compare(past, sigma), found)
