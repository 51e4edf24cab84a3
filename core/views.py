"""Pages that belong to no room: language, health, the gallery of components, photos from the store."""

from dataclasses import dataclass

from flask import Blueprint, g, redirect, request, session
from flask.wrappers import Response
from sqlalchemy import text

from core import clock
from core.access import public, visitor
from core.gallery_form import GalleryForm
from core.i18n import LANGUAGES
from core.page import Page
from core.people.actions import preferences
from core.web import local_path
from core.work import work

blueprint = Blueprint("core", __name__)


@blueprint.get("/language/<code>")
@public
def language(code: str) -> object:
    if code in LANGUAGES:
        session["language"], session["language_chosen"] = code, True
        keep_language(code)
    answer = redirect(local_path(request.args.get("next")), 303)
    if code in LANGUAGES:
        answer.set_cookie("language", code, max_age=365 * 86400, samesite="Lax", secure=request.is_secure)
    return answer


def keep_language(code: str) -> None:
    """Whoever is signed in finds the language again at the next sign-in, and gets messages in it."""
    account_id = visitor().account_id
    if account_id is not None and visitor().language != code:
        with work(g.db, visitor().actor, clock.now()) as w:
            preferences.choose_language(w, account_id, code)


@blueprint.get("/healthz")
@public
def health() -> Response:
    g.db.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@dataclass(frozen=True, kw_only=True)
class GalleryPage(Page):
    template = "core/gallery.html"
    form: GalleryForm


@blueprint.get("/gallery")
@public
def gallery() -> Response:
    return GalleryPage(form=GalleryForm(formdata=None)).answer()
