"""Opens the market room: its permissions, audit words, ports and pages."""

from flask import Flask

import market.listings.models  # noqa: F401  (tables)


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below."""
