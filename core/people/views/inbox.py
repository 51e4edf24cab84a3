"""The inbox of notices, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, redirect

from core import clock
from core.access import needs, visitor
from core.page import Page, page_number
from core.people.actions import preferences
from core.people.models import Notice
from core.people.notices import spoken
from core.people.queries import notices
from core.people.views import blueprint
from core.web import local_path
from core.work import work


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    href: str
    at: datetime
    unread: bool


@dataclass(frozen=True, kw_only=True)
class InboxPage(Page):
    template = "core/people_inbox.html"
    lines: list[Line]
    page: int
    pages: int
    any_unread: bool


@blueprint.get("/inbox")
@needs("core:inbox:read")
def inbox() -> object:
    page = page_number()
    rows, pages = notices(g.db, visitor().actor.id, page)
    lines = [Line(said(row), f"/inbox/{row.id}", row.at, row.read_at is None) for row in rows]
    return InboxPage(lines=lines, page=page, pages=pages, any_unread=visitor().unread > 0).answer()


def said(row: Notice) -> str:
    return spoken(row.sentence, row.values, g.language)


@blueprint.get("/inbox/<notice_id>")
@needs("core:inbox:read")
def inbox_open(notice_id: str) -> object:
    """Following a notice marks it as read."""
    with work(g.db, visitor().actor, clock.now()) as w:
        link = preferences.read_notice(w, visitor().actor.id, notice_id)
    return redirect(local_path(link, "/inbox"), 303)


@blueprint.post("/inbox/read")
@needs("core:inbox:read")
def inbox_read() -> object:
    with work(g.db, visitor().actor, clock.now()) as w:
        preferences.read_all(w, visitor().actor.id)
    return redirect("/inbox", 303)
