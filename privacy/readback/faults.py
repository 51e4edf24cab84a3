"""Why a read-back can't be carried out as asked: exit 2, with a code and a sentence."""

from core.errors import Refused


class Unusable(Refused):
    """The command can't be carried out as it was given."""
