"""What prices say to people: steps, reasons and the plain answers of the commands, English for gettext."""

from collections.abc import Mapping
from typing import Any

from core.i18n import N_, say

STEP_WORDS = {
    "base": N_("As the newest and best that was sold"),
    "age": N_("Age"),
    "grade": N_("Grade"),
    "defects": N_("Defects"),
    "accessories": N_("Accessories"),
}
REASON_WORDS = {
    "too_few_comparables": N_("fewer than five comparable sales"),
    "too_wide": N_("the range is wider than the price itself"),
    "outside_the_sales": N_("nothing like it was sold: its age, a number or its grade lies outside of the sales"),
    "too_few_sales": N_("too few sales to say how far prices go"),
}
LEFT_OUT_WORDS = {
    "ragged": N_("rows with too few or too many cells"),
    "no_price": N_("no price"),
    "not_a_number": N_("not a number"),
    "not_positive": N_("a price of nothing or less"),
    "not_whole": N_("a price that isn't whole minor units"),
    "too_large": N_("a number too large to be true"),
    "negative_age": N_("an age below nothing"),
    "not_a_date": N_("not a date"),
    "asking": N_("asking prices, not sales"),
    "related": N_("sales between people who belong together, or of one's own"),
    "same_pair": N_("further sales between the same two people"),
    "far_off": N_("far off from all others of the model"),
}


def backtest_words(data: Mapping[str, Any], language: str) -> str:
    """The answer of `value backtest`, line by line."""
    lines = [
        say(N_("%(n)d sales, %(folds)d folds, seed %(seed)d"), language, n=data["n"], folds=data["folds"], seed=data["seed"]),
        say(N_("Mean error %(mean).2f %%, median %(middle).2f %%"), language, mean=data["mape"], middle=data["mdape"]),
        say(
            N_("The 80 %% range held %(held).1f %%; its width was %(width).1f %% of the price"),
            language, held=100 * data["coverage80"], width=100 * data["width80"],
        ),
        say(
            N_("Dearer although worse or older: %(found)d of %(pairs)d. Steps that don't add up: %(errors)d"),
            language, found=data["monotony_violations"], pairs=data["monotony_pairs"], errors=data["waterfall_errors"],
        ),
    ]  # fmt: skip
    return "\n".join([*lines, *_left_out(data["left_out"], language)])


def fit_words(data: Mapping[str, Any], language: str) -> str:
    """The answer of `value fit`, line by line."""
    counts = {key: data[key] for key in ("out", "sales", "models")}
    lines = [say(N_("%(out)s: %(sales)d sales of %(models)d models"), language, **counts)]
    if data["grades"]:
        sentence = N_("Grades from best to worst (%(source)s): %(grades)s")
        lines.append(say(sentence, language, source=data["grades_from"], grades=", ".join(data["grades"])))
    return "\n".join([*lines, *_left_out(data["left_out"], language), data["digest"]])


def valuation_words(data: Mapping[str, Any], language: str) -> str:
    """The answer of `value predict` for one thing, line by line; amounts in minor units."""
    beside = say(N_("Comparable sales: %(count)d"), language, count=data["comparables"])
    if data["verdict"] != "valued":
        reasons = [say(REASON_WORDS[code], language) for code in data["reasons"]]
        said = [say(N_("Insufficient evidence: %(reason)s"), language, reason=reason) for reason in reasons]
        return "\n".join([*said, beside, *_cost(data["cost"], language)])
    numbers = {key: data[key] for key in ("p10", "p50", "p90")}
    lines = [say(N_("%(p50)d; 80 %% lie between %(p10)d and %(p90)d"), language, **numbers), beside]
    steps = [f"  {say(STEP_WORDS[each['step']], language)}: {each['amount']}" for each in data["waterfall"]]
    return "\n".join([*lines, *steps])


def _cost(cost: Mapping[str, Any] | None, language: str) -> list[str]:
    if cost is None:
        return []
    return [say(N_("By its price when new and its age alone, of low confidence: %(amount)d"), language, amount=cost["amount"])]


def _left_out(left: Mapping[str, int], language: str) -> list[str]:
    return [
        say(N_("Left out: %(count)d (%(reason)s)"), language, count=count, reason=say(LEFT_OUT_WORDS[code], language))
        for code, count in left.items()
    ]
