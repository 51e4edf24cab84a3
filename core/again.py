"""Where a refusal leads: a page that a link can open, and from which the same can be tried once more."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

AGAIN = (400, 409, 413, 422, 429, 503)
"""What may go better another time; the others stay as they are."""


def path_before() -> str:
    """The page on which a form was sent; whatever else the browser says is the front page."""
    try:
        return urlsplit(request.referrer or "/").path
    except ValueError:
        return "/"


def where_again(here: str, before: str) -> str:
    """`here`: this address, where it was only looked at; `before`: the page on which a form was sent, or "/" where that isn't
    known: then the nearest address above that has a page. "" when there is none. Both are paths on this site."""
    if request.method in ("GET", "HEAD"):
        return here
    parts = request.path.split("/")
    above = ["/".join(parts[:end]) for end in range(len(parts), 1, -1)]
    return next((path for path in (before, *above) if _opens(path)), "")


def _opens(path: str) -> bool:
    """Is there a page at this address that a link can open? The front page has a button of its own."""
    if path in ("", "/") or path.startswith("//"):
        return False
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True
