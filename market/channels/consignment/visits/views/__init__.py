"""The pages of booked visits: for residents, and for the shop's counter."""

from flask import Blueprint

blueprint = Blueprint("consignment_visits", __name__)
