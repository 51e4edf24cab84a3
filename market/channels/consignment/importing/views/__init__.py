"""The pages of taking in from a file: sending it, looking through its lines, and what became of it."""

from flask import Blueprint

blueprint = Blueprint("goods_imports", __name__)
