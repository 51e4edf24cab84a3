"""Does a report name the device or medium it is about? Without that anybody's report would do for anything."""

import re
from collections.abc import Iterable

from sqlalchemy.orm import Session

from core import secrets
from core.errors import Invalid
from core.goods.intake import serial_of
from core.goods.models import Item
from core.i18n import N_
from privacy.wipes.checklist_filling import is_built_in
from privacy.wipes.queries import present_media

_APART = re.compile(r"[^0-9A-Z]+")
UNNAMED = N_(
    "The report doesn't name the serial number of every storage medium inside (of a phone: its own number). "
    "Attach it as the tool wrote it, as text or HTML."
)


def demand_named(session: Session, item_id: str, report: bytes, *, field: str = "report") -> None:
    """Raises Invalid at `field` unless the report names every medium inside: by its serial, or, for storage that was entered by
    the device's own number, by one of the device's numbers. A device without any medium left is named by its own number."""
    words, media = in_words(report), present_media(session, item_id)
    item = session.get_one(Item, item_id)
    own = [secrets.decrypt(one.value, "identifier") for one in item.identifiers]
    asked: list[list[str]] = [own if is_built_in(one) else [serial_of(one)] for one in media] or [own]
    if not all(_names(words, numbers) for numbers in asked):
        raise Invalid("report_unnamed", UNNAMED, field=field)


def in_words(raw: bytes) -> str:
    """The letters and digits of a text file, HTML among them, in one case."""
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    return plain(raw.decode("utf-16" if wide else "utf-8", "ignore"))


def plain(text: str) -> str:
    return _APART.sub("", text.upper())


def _names(words: str, numbers: Iterable[str]) -> bool:
    return any(len(plain(one)) >= 4 and plain(one) in words for one in numbers)


