"""A made-up market of which the truth is known: for tests and the bench, never for a price.

Models, ages and grades with known factors; grades and ages that hang together; a market that falls month by month; noise, slips
of the pen, and sellers who buy from themselves through friends.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from appraisal.prices.sale import Sale, Thing

TODAY = date(2026, 11, 30)
GRADES = {"S": 1.0, "A": 0.93, "B": 0.84, "C": 0.72, "D": 0.55}
STORAGE = {"64": 1.0, "128": 1.12, "256": 1.3}
DEFECTS = {"battery": 0.9, "screen": 0.7}


@dataclass(frozen=True, slots=True)
class Market:
    """The truth: factors on the price. `noise` is the log deviation of a sale, `wild` the share that is far off."""

    seed: int = 0
    models: int = 40
    days: int = 360
    noise: float = 0.08
    wild: float = 0.02
    yearly_loss: float = 0.25
    monthly_fall: float = 0.01
    grades: Mapping[str, float] = field(default_factory=lambda: dict(GRADES))
    named: Mapping[str, int] = field(default_factory=dict)

    def base(self, model: str) -> float:
        """Minor units when new, of the smallest storage: as given for a model of `named`, else made up."""
        if model in self.named:
            return self.named[model]
        return 100_000 * math.exp(random.Random(f"{self.seed} {model}").uniform(0.0, 2.2))  # noqa: S311 - made up on purpose

    def true_price(self, thing: Thing, months_ago: float = 0.0) -> float:
        """Minor units without noise."""
        age = -math.log(1 - self.yearly_loss) / 12 * (thing.age or 0)
        log = math.log(self.base(thing.model)) - age + self.monthly_fall * months_ago + math.log(self.grades[thing.grade])
        log += math.log(STORAGE[thing.categories[1]]) + sum(math.log(DEFECTS[code]) for code in thing.defects)
        return math.exp(log)

    def sales(self, count: int) -> list[Sale]:
        """Genuine sales between strangers, some of them far off."""
        dice = random.Random(self.seed)  # noqa: S311 - made up on purpose
        return [self._sale(dice, at) for at in range(count)]

    def thing(self, dice: random.Random) -> Thing:
        """A thing as people bring them: the older, the worse its grade on average."""
        number = int(self.models * dice.random() ** 1.5)  # some models are sold far more often
        age = float(dice.randint(0, 48))
        order = list(self.grades)
        grade = order[min(max(round(dice.gauss(age / 16, 1.0)), 0), len(order) - 1)]
        storage = dice.choices(list(STORAGE), [3, 4, 2])[0]
        defects = tuple(sorted(code for code in DEFECTS if dice.random() < 0.08))
        kind = "phone" if number % 3 else "tablet"
        return Thing(f"M{number}", age, grade, (), (kind, storage), defects, (), kind)

    def _sale(self, dice: random.Random, at: int) -> Sale:
        thing, back = self.thing(dice), dice.randrange(self.days)
        price = self.true_price(thing, back / 30.4375) * math.exp(dice.gauss(0, self.noise))
        if dice.random() < self.wild:
            price *= dice.choice([0.1, 0.4, 2.5, 10])
        return Sale(thing, max(round(price), 1), TODAY - timedelta(days=back), f"b{dice.randrange(10**9)}", f"s{at}")

    def shills(self, model: str, count: int, times: float, pairs: int) -> list[Sale]:
        """Sales that drive one model's price, between a few people (`pairs`) over and over."""
        dice = random.Random(f"{self.seed} shill")  # noqa: S311 - made up on purpose
        found = []
        for at in range(count):
            thing = self.thing(dice)
            thing = Thing(model, thing.age, thing.grade, (), thing.categories, (), (), thing.kind)
            price = round(self.true_price(thing) * times)
            found.append(Sale(thing, price, TODAY - timedelta(days=at % 30), f"shill-b{at % pairs}", f"shill-s{at % pairs}"))
        return found
