"""The pages of shops' files: the list of points for everybody, the file for a shop's people, decisions for staff."""

from flask import Blueprint

blueprint = Blueprint("shops", __name__)
