"""`flask value`: fit, predict and backtest prices on any file of sales without a database; refit, import and forget for those of
the house. Heavy imports come late."""

from collections.abc import Callable
from typing import Any

import click

from core.commands.output import Group


@click.group(cls=Group)
def value() -> None:
    """Prices with a range, from completed sales in a file."""


_COLUMNS: list[tuple[str, dict[str, Any]]] = [
    ("--data", {"required": True, "help": "CSV file of completed sales with a line of names; - is standard input."}),
    ("--target", {"required": True, "help": "Column of the price paid."}),
    ("--unit", {"type": click.Choice(["major", "minor"]), "default": "major", "help": "Of the prices: 1299.50 or 129950."}),
    ("--age", {"help": "Column of the age, in any unit; older never adds."}),
    ("--model", {"help": "Column of the model; without it all rows are of one."}),
    ("--grade", {"help": "Column of the grade; worse never adds."}),
    ("--grades", {"help": "Grades from best to worst, comma separated; else known orders or the sales decide."}),
    ("--number", {"default": "", "help": "Columns of numbers, comma separated."}),
    ("--category", {"default": "", "help": "Columns of words, comma separated; the first has ranges of its own."}),
    ("--date", {"help": "Column of the day of sale, 2026-11-30."}),
    ("--buyer", {"help": "Column of the buyer: one sale a pair of people and model counts."}),
    ("--seller", {"help": "Column of the seller."}),
    ("--defects", {"help": "Column of defect codes, parted by ; or |."}),
    ("--accessories", {"help": "Column of accessory codes, parted by ; or |."}),
]


_SINGLE = ("target", "age", "model", "grade", "date", "buyer", "seller", "defects", "accessories")


def _columns(command: Callable[..., None]) -> Callable[..., None]:
    for name, settings in reversed(_COLUMNS):
        command = click.option(name, **settings)(command)
    return command


@value.command()
@_columns
@click.option("--out", required=True, help="The model's file, JSON.")
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, show_default=True)
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="Of the plain answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def fit(out: str, seed: int, language: str, as_json: bool, **asked: Any) -> None:
    """Fit a price model and write it. Exit 0, or 2 for a file that can't be used."""
    from pathlib import Path

    from appraisal.prices.fitting import TooFewSales, train
    from appraisal.prices.model_file import read_model, write_model
    from appraisal.prices.shape import fit_data
    from appraisal.prices.words import fit_words
    from core.commands.output import answer, refuse

    columns, read = _read(asked)
    try:
        model = train(read.sales, grades=_list(asked["grades"]), seed=seed)
    except TooFewSales as no:
        refuse("too_few_sales", str(no))
    text = write_model(model, columns).encode()
    try:
        Path(out).write_bytes(text)
    except OSError as no:
        refuse("not_written", f"{out}: {no.strerror}")
    data = fit_data(model, read.left_out, out, read_model(text)[2])
    answer(data, as_json, _said(fit_words, data, language, as_json))


@value.command()
@_columns
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, show_default=True)
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="Of the plain answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def backtest(folds: int, seed: int, language: str, as_json: bool, **asked: Any) -> None:
    """Price every sale by a model of the other folds. Exit 0, or 2 for a file that can't be used."""
    from appraisal.prices import backtest as testing
    from appraisal.prices.fitting import TooFewSales
    from appraisal.prices.shape import backtest_data
    from appraisal.prices.words import backtest_words
    from core.commands.output import answer, refuse

    _, read = _read(asked)
    try:
        found = testing.backtest(read.sales, folds, seed, _list(asked["grades"]))
    except TooFewSales as no:
        refuse("too_few_sales", f"without one of {folds} folds {no}")
    data = backtest_data(found, folds, seed, read.left_out)
    answer(data, as_json, _said(backtest_words, data, language, as_json))


@value.command()
@click.option("--model", "model_name", required=True, help="A file that `value fit` wrote.")
@click.option("--inputs", help="File with a JSON object: column to value, also defects and accessories; - is standard input.")
@click.option("--data", help="CSV file of things instead, one a row.")
@click.option("--new-price", type=click.IntRange(1, 10**12), help="Minor units when new: a hint where sales don't suffice.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="Of the plain answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def predict(
    model_name: str, inputs: str | None, data: str | None, new_price: int | None, language: str, as_json: bool
) -> None:
    """P10, P50, P90 and how they come about. Exit 0, 1 for insufficient evidence, 2 for unusable input."""
    from appraisal.prices.asking import asked_things
    from appraisal.prices.model_file import BadModel, read_model
    from appraisal.prices.shape import valuation_data
    from appraisal.prices.valuing import value as value_of
    from appraisal.prices.words import valuation_words
    from core.commands.output import answer, refuse

    if (inputs is None) == (data is None):
        refuse("usage", "one of --inputs and --data is needed")
    if model_name == "-" and "-" in (inputs, data):
        refuse("usage", "only one file can be standard input")
    try:
        model, columns, digest = read_model(_bytes_of(model_name))
    except BadModel as no:
        refuse("bad_model", f"{model_name}: {no}")
    name = inputs or data or ""
    try:
        things = asked_things(_bytes_of(name), columns, model, as_csv=inputs is None)
    except ValueError as no:
        refuse("bad_inputs", f"{name}: {no}")
    found = [valuation_data(value_of(model, thing, costs, new_price), model, digest) for thing, costs in things]
    words = [_said(valuation_words, each, language, as_json) for each in found]
    answer(found[0] if inputs else found, as_json, "\n".join(words))
    if any(each["verdict"] != "valued" for each in found):
        raise SystemExit(1)


@value.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def refit(as_json: bool) -> None:
    """Learn this house's prices anew, now instead of at night. The same sales twice on one day change nothing."""
    from appraisal.prices.house_commands import refit_now

    refit_now(as_json)


@value.command("import")
@click.argument("name")
@click.option("--source", required=True, help="Where the sales are from, in up to 80 characters: readers see it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def import_(name: str, source: str, as_json: bool) -> None:
    """Bring in completed sales from elsewhere as marked comparables: CSV with category, model, price (yuan), sold_on.

    Also: brand, storage_gb, year, charger, grade, told, channel, days (on offer), buyer, seller."""
    from appraisal.prices.house_commands import bring_in_file

    bring_in_file(name, _bytes_of(name), source, as_json)


@value.command()
@click.argument("import_id")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def forget(import_id: str, as_json: bool) -> None:
    """Take an import back; the next fit no longer knows its sales."""
    from appraisal.prices.house_commands import forget_import

    forget_import(import_id, as_json)


def _said(words: Callable[[Any, str], str], data: Any, language: str, as_json: bool) -> str:
    """Words only where they are asked for: the catalogue takes its time."""
    if as_json:
        return ""
    from core import i18n

    i18n.compile_catalogue()
    return words(data, language)


def _read(asked: dict[str, Any]) -> Any:
    """(columns, what was read), or a refusal."""
    from appraisal.prices.columns import BadColumns, Columns
    from appraisal.prices.reading import read_sales
    from core.commands.output import refuse
    from core.csv_files import BadFile

    single = {name: asked[name] for name in _SINGLE}
    try:
        numbers, categories = _list(asked["number"]), _list(asked["category"])
        columns = Columns(**single, minor=asked["unit"] == "minor", numbers=numbers, categories=categories)
    except BadColumns as no:
        refuse("usage", str(no))
    try:
        read = read_sales(_bytes_of(asked["data"]), columns)
    except BadFile as no:
        refuse("bad_data", f"{asked['data']}: {no}")
    if len({sale.price for sale in read.sales}) == 1:
        refuse("bad_data", f"{asked['data']}: every price in {columns.target} is the same")
    return columns, read


def _bytes_of(name: str) -> bytes:
    from appraisal.prices.reading import MOST_BYTES
    from core.commands.output import refuse

    try:
        with click.open_file(name, "rb") as file:
            return bytes(file.read(MOST_BYTES + 1))
    except OSError as no:
        refuse("missing", f"{name}: {no.strerror}")


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())
