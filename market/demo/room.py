"""Opens the demonstration's part of the market: real logs to try the walk with, on the page /demo."""

from flask import Flask

from core.people.demo import demo_sections
from market.demo import card, commands, page, tries
from market.demo.welcome import welcome


def register(app: Flask) -> None:
    """Called by market/room.py."""
    app.register_blueprint(page.blueprint)
    app.register_blueprint(tries.blueprint)
    for section in (page.walk, card.walk, page.unused, tries.waiting):
        if section not in demo_sections:
            demo_sections.append(section)
    app.config.setdefault("XUNSHI_FIRST_STEPS", []).append(lambda: commands.fill(first=True))
    app.config["XUNSHI_WELCOME"] = lambda: welcome(app)


def beside(app: Flask) -> None:
    """Add the first step that needs the stand-in for card payments; after the one that starts it."""
    app.config.setdefault("XUNSHI_FIRST_STEPS", []).append(lambda: card.open_accounts(app))
