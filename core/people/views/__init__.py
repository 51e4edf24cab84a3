"""The pages about people."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)


def load_pages() -> None:
    """Every page hangs itself on the blueprint when its module is read."""
    from core.people.views import (  # noqa: F401
        admin,
        admin_organisations,
        closing,
        contacts,
        factors,
        inbox,
        invitations,
        me,
        messages,
        organisations,
        passwords,
        settings,
        sign_in,
        sign_up,
        terms,
    )
