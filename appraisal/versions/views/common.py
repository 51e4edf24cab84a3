"""What all pages of a draft share: finding it, its plain values, saving them, and errors at the field and line."""

import tomllib
from dataclasses import dataclass
from typing import Any

from flask import flash, g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import read_stored
from appraisal.standards.standard import Standard
from appraisal.versions import actions, queries, saying
from appraisal.versions.states import STANDARD_VERSION
from appraisal.versions.toml_text import line_of
from appraisal.versions.toml_text import write as write_toml
from core import clock
from core.access import visitor
from core.data_files import BadDataFile
from core.data_files import text as words
from core.errors import NotFound
from core.goods.cards import all_cards
from core.work import work

Raw = dict[str, Any]
Crumbs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above every page of a draft."""

    name: str
    standard_id: str
    version: int
    href: str
    state: tuple[str, str, str]


def get_drafted(session: Session, standard_id: str, version: int) -> StandardVersion:
    """A version that was drafted here and isn't in force by now. Raises NotFound."""
    return queries.get_row(session, standard_id, version)


def get_draft(session: Session, standard_id: str, version: int) -> StandardVersion:
    """One whose text can still change. Raises NotFound."""
    row = queries.get_row(session, standard_id, version)
    if row.state != "draft":
        raise NotFound()
    return row


def get_check(session: Session, standard_id: str, version: int, check_code: str) -> StandardVersion:
    """A draft that has this check; the view reads the code from the address. Raises NotFound."""
    row = get_draft(session, standard_id, version)
    if read_stored(row).find_check(check_code) is None:
        raise NotFound()
    g.check_code = check_code
    return row


def get_count(session: Session, standard_id: str, version: int, count_code: str) -> StandardVersion:
    row = get_draft(session, standard_id, version)
    if all(count["code"] != count_code for count in raw_of(row).get("counts", [])):
        raise NotFound()
    g.count_code = count_code
    return row


def path_of(row: StandardVersion) -> str:
    return f"/standards/{row.standard}/{row.version}/draft"


def head_of(row: StandardVersion, standard: Standard) -> Head:
    state = STANDARD_VERSION[row.state]
    return Head(name=words(standard.names, g.language), standard_id=row.standard, version=row.version, href=path_of(row),
                state=(_(state.label), state.tone, _(state.help)))  # fmt: skip


def raw_of(row: StandardVersion) -> Raw:
    return tomllib.loads(row.body)


def views_shown(standard_id: str) -> dict[str, str]:
    """Photo views by code, in the words of the category."""
    cards = (card for card in all_cards() if card.grading_standard == standard_id)
    return {photo.code: words(photo.prompt, g.language) for card in cards for photo in card.photos}


def save(row: StandardVersion, data: Raw) -> None:
    """Raises BadDataFile with the place, Refused."""
    save_text(row, write_toml(data))


def save_text(row: StandardVersion, body: str) -> None:
    row_id = row.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.write(w, w.session.get_one(StandardVersion, row_id, with_for_update=True), body)
    flash(_("The draft is saved. Nothing is graded by it before another person approves it."), "good")


def told(problem: BadDataFile, body: str = "") -> str:
    """What is wrong, and in which line where a text was sent."""
    said, line = saying.wrong(problem, g.language), line_of(body, problem.place) if body and problem.place else None
    return _("Line %(line)s: %(said)s", line=line, said=said) if line else said
