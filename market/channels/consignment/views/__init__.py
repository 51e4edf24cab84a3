"""The pages of consignors' files: for the shop's staff, for the consignor, and for who comes with a paper slip."""

from flask import Blueprint

blueprint = Blueprint("consignment", __name__)
