"""The agreements and the privacy notice, every version of them."""

from dataclasses import dataclass

from flask import g, request

from core.access import public
from core.page import Page
from core.people import texts
from core.people.texts import VersionedText
from core.people.views import blueprint


@dataclass(frozen=True, kw_only=True)
class TextPage(Page):
    template = "core/people_text.html"
    text: VersionedText
    versions: tuple[str, ...]
    others: list[tuple[str, str]]


@blueprint.get("/texts/<code>")
@public
def text(code: str) -> object:
    version = request.args.get("version") or texts.newest_version(code)
    found = texts.get_text(code, version, g.language)
    others = [(one, f"/texts/{one}") for one in texts.REQUIRED if one != code]
    return TextPage(
        text=found, versions=texts.versions(code), others=[(texts.TITLES[one], href) for one, href in others]
    ).answer()
