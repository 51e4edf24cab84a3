"""The pages of booking an appraisal: agencies for everybody, a slot for the owner, desk, calendar and fees for the agency."""

from flask import Blueprint

blueprint = Blueprint("appraisal_bookings", __name__)
