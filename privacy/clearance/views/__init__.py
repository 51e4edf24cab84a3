"""The pages of verification, certificates and custody."""

from flask import Blueprint

blueprint = Blueprint("clearance", __name__)
