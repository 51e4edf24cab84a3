"""Opens taking in from a file: the log's words, retention, and the pages."""

from flask import Flask

from core import audit, runner
from market.channels.consignment.importing import retention
from market.channels.consignment.importing.views import blueprint, files, pages  # noqa: F401  (pages)
from market.channels.consignment.importing.words import WORDS


def register(app: Flask) -> None:
    """Called once by the market room."""
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    runner.sweep("goods_imports", retention.EVERY, retention.sweep)
