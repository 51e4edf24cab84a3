"""`flask labels make | calibrate`: label sheets for scripts, by the codes that things have already."""

from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse
from core.label_formats import FORMATS

PAPERS = click.Choice(list(FORMATS))
LANGUAGE = click.Choice(["zh", "en"])


@click.group(cls=Group)
def labels() -> None:
    """Labels of things, in absolute millimetres: print them at 100 %."""


@labels.command(cls=Command)
@click.option("--code", "codes", multiple=True, required=True, help="of a thing, as it stands on its label; may be repeated")
@click.option("--format", "paper", type=PAPERS, required=True, help="the paper")
@click.option("--kind", type=click.Choice(["life", "price"]), default="life", show_default=True)
@click.option("--first", type=int, default=1, show_default=True, help="place on the sheet where they begin")
@click.option("--copies", type=int, default=1, show_default=True)
@click.option("--language", type=LANGUAGE, default="zh", show_default=True, help="of the words on the labels")
@click.option("--out", type=click.Path(dir_okay=False), required=True, help="the PDF file to write")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@click.pass_context
@with_appcontext
def make(
    ctx: click.Context, codes: tuple[str, ...], paper: str, kind: str, first: int, copies: int, language: str, out: str,
    as_json: bool,
) -> None:
    """Write a PDF of labels. Exit 0: written; 1: a price tag was refused, nothing is written; 2: an unknown or mistyped code,
    or a place that the sheet hasn't."""
    from core import clock, i18n
    from core.label_sheets import labels_pdf

    i18n.compile_catalogue()
    form = FORMATS[paper]
    with open_database() as session:
        faces, refused = _faces(session, codes, kind, language, (copies, first, form.places))
    if refused:
        words = "\n".join(f"{one['code']}: {one['message']}" for one in refused)
        answer({"verdict": "refused", "refused": refused}, as_json, words)
        ctx.exit(1)
    many = len(faces) * copies
    pages = -(-(first - 1 + many) // form.places)
    every = [face for face in faces for _ in range(copies)]
    _write(out, labels_pdf(every, form, clock.now(), first=first, language=language))
    told = {"verdict": "made", "labels": many, "pages": pages, "format": paper, "kind": kind, "out": out}
    answer(told, as_json, f"{many} labels on {pages} pages of {paper}: {out}")


def _faces(
    session: Any, codes: tuple[str, ...], kind: str, language: str, asked: tuple[int, int, int]
) -> tuple[list[Any], list[Any]]:
    """The labels, and what was refused: [{code, reason, message}]."""
    from core import ids
    from core.errors import Invalid, Refused
    from core.goods import life
    from core.web import config
    from market.passport.faces import face_of
    from market.passport.rules import check_many

    faces, refused = [], []
    try:
        check_many(len(codes), *asked)
    except Invalid as no:
        refuse(no.code, no.sentence % no.values if no.values else no.sentence)
    for typed in codes:
        try:
            item, code = life.find_item(session, typed), life.read_code(typed)
        except ids.BadCode as slip:
            refuse(slip.code, f"{typed!r}: {slip.sentence}")
        if item is None:
            refuse("unknown_code", f"no thing has the code {code}")
        try:
            faces.append(face_of(session, item, code, kind, language, config().base_url))
        except Refused as no:
            refused.append({"code": code, "reason": no.code, "message": no.sentence})
    return faces, refused


@labels.command(cls=Command)
@click.option("--format", "paper", type=PAPERS, required=True, help="the paper")
@click.option("--language", type=LANGUAGE, default="zh", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False), required=True, help="the PDF file to write")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
def calibrate(paper: str, language: str, out: str, as_json: bool) -> None:
    """Write the page to measure before the first labels: rulers in mm and the frame of every label."""
    from core import clock, i18n
    from core.label_calibration import calibration_pdf

    i18n.compile_catalogue()
    _write(out, calibration_pdf(FORMATS[paper], clock.now(), language))
    answer({"format": paper, "out": out}, as_json, f"print {out} at 100 % and measure its rulers")


def _write(out: str, data: bytes) -> None:
    try:
        Path(out).write_bytes(data)
    except OSError as fault:
        refuse("cannot_write", f"{out} can't be written: {fault.strerror}")
