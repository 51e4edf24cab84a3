"""Opens the privacy room: its permissions, audit words, ports and pages."""

from flask import Flask

import privacy.clearance.models
import privacy.wipes.models  # noqa: F401  (tables)


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below."""
