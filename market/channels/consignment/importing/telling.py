"""What is wrong with a file or a line of it, as a sentence for its reader."""

from collections.abc import Mapping

from core.i18n import say, told
from market.channels.consignment.importing.columns import column_label
from market.channels.consignment.importing.keeping import Wrong


def said(text: str, values: Mapping[str, object], language: str) -> str:
    """A sentence with its values; a `column` among them is named as readers call it."""
    shown = {name: column_label(str(value), language) if name == "column" else value for name, value in values.items()}
    return say(text, language, **shown)


def sentence(one: Wrong, language: str, *, named: bool = False) -> str:
    """What is wrong; `named`: with the column before it."""
    plain = said(one.sentence, one.values, language)
    return told(column_label(one.column, language), plain, language) if named and one.column else plain
