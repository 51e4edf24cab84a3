"""Opens the demonstration's part of the market: real logs to try the walk with, on the page /demo."""

from flask import Flask

from core.people.demo import demo_sections
from market.demo import commands, page, tries
from market.demo.welcome import welcome


def register(app: Flask) -> None:
    """Called by market/room.py."""
    app.register_blueprint(page.blueprint)
    app.register_blueprint(tries.blueprint)
    for section in (page.walk, page.unused, tries.waiting):
        if section not in demo_sections:
            demo_sections.append(section)
    app.config.setdefault("XUNSHI_FIRST_STEPS", []).append(lambda: commands.fill(first=True))
    app.config["XUNSHI_WELCOME"] = lambda: welcome(app)
