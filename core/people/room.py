"""Opens the people's part of the ground floor."""

from flask import Flask

from core.people import visitors


def register(app: Flask) -> None:
    visitors.register(app)
