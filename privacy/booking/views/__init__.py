"""The pages of booking: points for everybody, a slot for the owner, the day and the offer for the point."""

from flask import Blueprint

blueprint = Blueprint("booking", __name__)
