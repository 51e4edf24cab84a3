"""The pages of consignment agreements: terms for the manager, agreements at the counter, at home, and for everybody."""

from flask import Blueprint

blueprint = Blueprint("consignment_agreements", __name__)
