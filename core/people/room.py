"""Opens the people's part of the ground floor."""

from datetime import timedelta
from pathlib import Path

from flask import Flask

from core import audit, ports, runner
from core.access import permissions
from core.i18n import N_
from core.people import demo, views, visitors, waits, words
from core.people.actions import guesses, messages
from core.people.notices import leads
from core.ports import MessageRefused
from core.queue import kinds
from core.web import nav


def register(app: Flask) -> None:
    visitors.register(app)
    permissions(words.PERMISSIONS)
    audit.words(words.WORDS)
    views.load_pages()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(demo.blueprint)
    leads("safety", "/me", "/forgotten", "/inbox")
    leads("roles", "/organisations", "/invitations", "/queue")
    ports.subscribe(MessageRefused, messages.refused)
    kinds.read_kinds(Path(__file__).with_name("queue.toml"))
    kinds.source("organisation", waits.organisations)
    kinds.source("seller_check", waits.seller_checks)
    runner.sweep("people_tidy", timedelta(hours=1), guesses.tidy)
    nav("/admin/organisations", N_("Organisations"), "store", "administrator")
    nav("/admin/people", N_("People"), "users", "administrator")
