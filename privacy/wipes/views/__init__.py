"""The pages of wipes: the owner's way, the desk, the bench, the tool's files."""

from flask import Blueprint

blueprint = Blueprint("wipes", __name__)
