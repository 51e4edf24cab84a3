"""Pages of intake, stock and register."""

from flask import Blueprint

blueprint = Blueprint("consignment_goods", __name__)
