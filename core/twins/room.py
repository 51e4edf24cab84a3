"""Opens the comparing of photos: its page, its kind in the queue, and the sweep over photos from before."""

from datetime import timedelta
from pathlib import Path

from flask import Flask

from core import audit, runner
from core.access import permissions
from core.queue import kinds
from core.twins import actions, queries, views


def register(app: Flask) -> None:
    permissions(views.PERMISSIONS)
    audit.words(views.WORDS)
    app.register_blueprint(views.blueprint)
    kinds.read_kinds(Path(__file__).with_name("queue.toml"))
    kinds.source("photo_twin", queries.waiting)
    runner.sweep("photo_marks", timedelta(minutes=2), actions.mark_old)
