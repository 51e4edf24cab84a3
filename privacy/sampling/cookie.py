"""The browser's long-lived random name: it tells two people at one counter computer, and nothing about either of them."""

import re
import secrets as random
from datetime import timedelta

from flask import Flask, g, request
from flask.wrappers import Response

from core import secrets
from core.access import visitor
from core.web import config

NAME = "device"
KEPT = timedelta(days=730)
ROLES = frozenset({"wipe_operator", "wipe_verifier"})
_SHAPE = re.compile(r"[0-9a-f]{32}")


def device() -> str:
    """The keyed digest of this browser's name (64 hex digits). A browser without one gets it with this answer."""
    return secrets.keyed_digest(_token(), "device")


def _token() -> str:
    if "device_token" not in g:
        sent = request.cookies.get(NAME, "")
        g.device_token = sent if _SHAPE.fullmatch(sent) else random.token_hex(16)
    return str(g.device_token)


def _keep(answer: Response) -> Response:
    """Only people who wipe or verify get the cookie, with the first page they open after signing in."""
    now_here = visitor()
    needed = "device_token" in g or bool(ROLES & (now_here.roles | now_here.asleep))
    if request.endpoint == "static" or not needed or _token() == request.cookies.get(NAME):
        return answer
    answer.set_cookie(NAME, _token(), max_age=KEPT, httponly=True, samesite="Lax", secure=config().https)
    return answer


def register(app: Flask) -> None:
    app.after_request(_keep)
