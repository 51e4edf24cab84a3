"""Opens the public log: its pages, words and sweeps."""

from datetime import timedelta

from flask import Flask

from core import audit, runner
from core.paper_ports import PaperTold
from core.ports import provide, subscribe
from privacy.clearance.log import checked, facts, letters, papers, pushing, sequencing
from privacy.clearance.log.settings import pace
from privacy.clearance.log.views import blueprint
from privacy.clearance.log.words import WORDS


def register(app: Flask) -> None:
    """Called once by the room. A wrong setting stops the start."""
    pace()
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    subscribe(PaperTold, facts.paper_told)
    provide("log_place", "privacy", papers.place)
    provide("log_root", "privacy", papers.root)
    provide("paper_check", "privacy", checked.check_paper)
    runner.sweep("log_catch_up", timedelta(hours=1), facts.sweep)
    runner.sweep("log_sequencer", timedelta(milliseconds=400), sequencing.sweep)
    runner.sweep("log_push", timedelta(minutes=1), pushing.sweep)
    runner.sweep("log_letters", timedelta(minutes=10), letters.sweep)
