"""Districts as pages need them."""

from flask import g

from core.data_files import text
from core.goods.districts import all_districts, district_name

__all__ = ["district_choices", "district_name"]


def district_choices() -> list[tuple[str, str]]:
    """(code, name) in the reader's language, for a select."""
    return [(one.code, text(one.name, g.language)) for one in all_districts()]
