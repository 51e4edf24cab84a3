"""The pages of drawn checks: desk and figures, a try, how a draw was reckoned, relations, the owner's own file."""

from flask import Blueprint

blueprint = Blueprint("sampling", __name__)
