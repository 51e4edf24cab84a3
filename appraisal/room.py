"""Opens the appraisal room: its permissions, audit words, ports and pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below."""
