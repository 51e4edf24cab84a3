"""Printing labels: each thing gets its code with its first one, and the log says that one was printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Refused
from core.goods import life
from core.goods.models import Item
from core.i18n import N_, listed
from core.label_faces import Face
from core.label_formats import Format
from core.work import Work
from market.passport import rules
from market.passport.faces import face, tag_problem
from market.passport.queries import Told, told_of

SEVERAL = N_("No price tag yet: %(titles)s. Untick them, or print life labels.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be printed. `first`: place on the sheet, from 1; `language`: of the labels' words, `reader`: of who prints."""

    kind: str
    form: Format
    first: int = 1
    copies: int = 1
    language: str = "zh"
    reader: str = "zh"


def label(w: Work, items: Sequence[Item], wish: Wish, base_url: str, *, printed: bool = True) -> list[Face]:
    """The labels in the order of the things, copies side by side. `printed`: false for a look, which isn't noted in the log.

    Raises Invalid at a field, and Refused naming every thing whose wiping isn't verified or that has no price."""
    rules.check_many(len(items), wish.copies, wish.first, wish.form.places)
    told = [told_of(w.session, item, wish.language) for item in items]
    if wish.kind == "price":
        _refuse(told, wish.reader)
    faces = []
    for one in told:
        code = life.code_of(w, one.item.id)
        faces += [face(w.session, one, code, wish.kind, wish.language, base_url)] * wish.copies
        if printed:
            w.record("market:label:printed", one.item.id, kind=wish.kind, paper=wish.form.code, copies=wish.copies)
    return faces


def _refuse(told: Sequence[Told], reader: str) -> None:
    problems = [(one.title, problem) for one in told if (problem := tag_problem(one)) is not None]
    if problems and len(told) == 1:
        raise Refused(*problems[0][1], field="items")
    if problems:
        reasons = tuple(dict.fromkeys(code for _title, (code, _sentence) in problems))
        titles = listed([title for title, _problem in problems[:5]], reader) + ("\u2026" if len(problems) > 5 else "")
        raise Refused("no_tags", SEVERAL, field="items", reasons=reasons, values={"titles": titles})
