"""A number that somebody typed, as what the register is asked by: keyed digests, so that no query holds it in clear."""

from core import secrets
from core.goods.rules import forms_of


def digests_of_number(typed: str) -> set[str]:
    """Of every form that the typed number may be on file in, as serial number, IMEI or MEID; empty where nothing was typed."""
    return {secrets.keyed_digest(form, "identifier") for form in forms_of(typed)}
