"""A thing's label in words: what goes on it, and why a price tag is refused."""

from typing import Final

from sqlalchemy.orm import Session

from core.errors import Refused
from core.goods.custody import find_holder, is_with_staff
from core.goods.models import Item
from core.i18n import N_, say
from core.label_faces import Face, life_label, price_tag
from core.money import format_money
from core.people.models import Organisation
from core.people.names import shown_org
from market.passport.queries import Told, told_of
from market.passport.rules import MARKS, NOT_WIPED

PROVEN: Final = ("cleared", "not_needed")
NO_PRICE: Final = ("no_price", N_("It has no price yet."))
NOT_CLEARED: Final = ("not_cleared", N_("Its wiping isn't verified: the price tag comes after that."))


def tag_problem(told: Told) -> tuple[str, str] | None:
    """Why this thing gets no price tag now: a code and a sentence (English for gettext); None where it gets one."""
    if told.wipe.word not in PROVEN:
        return NOT_CLEARED
    return NO_PRICE if told.price is None else None


def face(session: Session, told: Told, code: str, kind: str, language: str, base_url: str) -> Face:
    """What is printed. Raises Refused for a price tag that can't be."""
    marks, address = [say(MARKS[told.used], language)], f"{base_url}/i/{code}"
    if kind == "life":
        waits = "" if told.wipe.word in (*PROVEN, "delivered") else say(NOT_WIPED, language)
        lines = [keeper(session, told, language), told.standing.number if told.standing else ""]
        return life_label(code=code, address=address, title=told.title, marks=[*marks, waits], lines=lines)
    problem = tag_problem(told)
    if problem is not None or told.price is None:
        raise Refused(*(problem or NO_PRICE))
    grade = say(N_("Grade %(grade)s"), language, grade=told.grade) if told.grade in "NSABCDR" and told.grade else ""
    place = told.standing.place if told.standing else ""
    return price_tag(
        code=code, address=address, title=told.title, price=format_money(told.price, language), marks=[*marks, grade],
        before=format_money(told.before, language) if told.before else "", lines=[place],
    )  # fmt: skip


def keeper(session: Session, told: Told, language: str) -> str:
    """The shop that has it, never a person: "" where it is in somebody's own hands."""
    if told.standing is not None:
        return told.standing.org_name
    line = find_holder(session, told.item.id) if is_with_staff(session, told.item.id) else None
    org = session.get(Organisation, line.holder_id) if line is not None else None
    return shown_org(org, language) if org is not None else ""


def face_of(session: Session, item: Item, code: str, kind: str, language: str, base_url: str) -> Face:
    return face(session, told_of(session, item, language), code, kind, language, base_url)
