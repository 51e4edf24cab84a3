"""`flask grade`: grade one thing from a file of answers. Touches no database but for a version that no file
has; heavy imports come late."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from core.commands.output import Command

if TYPE_CHECKING:
    from appraisal.standards.standard import Standard

MOST_BYTES = 1_000_000


class BadFile(ValueError):
    """The file of answers can't be used; the text says why."""


@click.command("grade", cls=Command)
@click.option("--standard", "standard_id", required=True, help="Id of a standard: the name of its file.")
@click.option("--version", type=int, help="The newest file if left out; a version that no file has is looked up in the database.")
@click.option("--inputs", required=True, help="File with a JSON object of answers; - is standard input.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="Of the plain answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def grade(standard_id: str, version: int | None, inputs: str, language: str, as_json: bool) -> None:
    """Grade by a standard; null or absent is not tested. Exit 0 with any grade, 2 for unusable input."""
    from appraisal.grades import rules
    from appraisal.grades.crossreference_rules import cross_reference
    from appraisal.grades.shape import command_data, grade_words
    from appraisal.standards.crossreference import find_crossreference
    from appraisal.standards.loader import find_standard
    from core.commands.output import answer, refuse

    standard = find_standard(standard_id, version) or _stored(standard_id, version)
    if standard is None:
        wanted = standard_id if version is None else f"{standard_id} version {version}"
        refuse("unknown_standard", f"There is no grading standard {wanted}.")
    if standard.unknown is not None:
        refuse("tables_not_known", f"{standard.names.en}: {standard.unknown.en}")
    try:
        given = read_inputs(_bytes_of(inputs))
        result = rules.grade(standard, given)
    except BadFile as problem:
        refuse("bad_inputs", str(problem))
    except (rules.UnknownCheck, rules.UnknownValue) as problem:
        refuse(problem.code, problem.sentence % problem.values)
    answers = rules.read_answers(standard, given)
    labels = cross_reference(find_crossreference(standard), result.grade, result.axes, answers)
    answer(command_data(standard, result, labels), as_json, grade_words(standard, result, language))


def _stored(standard_id: str, version: int | None) -> "Standard | None":
    """A version that was approved in this house; only asked for where no file has the one that is named."""
    from flask.cli import ScriptInfo

    info = click.get_current_context().find_object(ScriptInfo)
    # opening a house that was never prepared would make its folder and secret: a question leaves nothing behind
    if version is None or info is None or (info.create_app is None and not _house_is_there()):
        return None
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from appraisal.standards.queries import Damaged, find_standard
    from core.commands.output import refuse
    from core.web import database

    try:
        with info.load_app().app_context(), database().session() as session:
            return find_standard(session, standard_id, version)
    except Damaged as no:
        refuse(no.code, no.sentence % no.values)
    except (OperationalError, ProgrammingError):
        return None  # no database, or one from before there were such versions


def _house_is_there() -> bool:
    from pathlib import Path

    from core.config import load

    kind, _colon, file = load().database_url.partition(":///")
    return kind != "sqlite" or Path(file).is_file()


def _bytes_of(name: str) -> bytes:
    try:
        with click.open_file(name, "rb") as file:
            return bytes(file.read(MOST_BYTES + 1))
    except OSError as problem:
        raise BadFile(f"{name}: {problem.strerror}") from problem


def read_inputs(raw: bytes) -> dict[str, Any]:
    """The object in the file. Numbers keep their decimals. Raises BadFile for a key given twice, NaN and
    anything but an object."""
    import json

    if len(raw) > MOST_BYTES:
        raise BadFile(f"The file is larger than {MOST_BYTES} bytes.")
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as problem:
        raise (
            problem if isinstance(problem, BadFile) else BadFile(f"The file is not JSON: {problem}")
        ) from None
    if not isinstance(value, dict):
        raise BadFile("The file must hold one JSON object: check code to answer.")
    return value


def _no_number(name: str) -> None:
    raise BadFile(f"{name} is not a number.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for key, value in pairs:
        if key in answers:
            raise BadFile(f"{key} stands twice.")
        answers[key] = value
    return answers
