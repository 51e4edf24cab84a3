"""Districts as pages need them."""

from flask import g
from flask_babel import gettext as _

from core.data_files import text
from core.goods.districts import all_districts, district_name

__all__ = ["district_choices", "district_name"]


def district_or_none() -> list[tuple[str, str]]:
    """The same with "please choose" first: nobody's things are put into a district by silence."""
    return [("", _("Please choose")), *district_choices()]


def district_choices() -> list[tuple[str, str]]:
    """(code, name) in the reader's language, for a select."""
    return [(one.code, text(one.name, g.language)) for one in all_districts()]
