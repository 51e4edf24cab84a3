"""The pages of a thing's code: its passport for everybody, labels for who owns or keeps it."""

from flask import Blueprint

blueprint = Blueprint("passport", __name__)
