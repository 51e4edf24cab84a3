"""The front door's plumbing: one database session a request, the visitor, headers, languages, and errors as pages."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.wrappers import Response
from flask_babel import Babel, format_date, format_datetime
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from core import compress, data_files, i18n, secrets
from core.access import NOBODY, SecondFactorNeeded, SignInNeeded, visitor
from core.again import AGAIN, path_before, where_again
from core.config import Config
from core.db import Database
from core.errors import Refused
from core.i18n import N_
from core.limits import Limiter, TooMany
from core.money import Money, format_money
from core.page import Page

log = logging.getLogger("xunshi.web")
csrf = CSRFProtect()
limiter = Limiter()
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    icp: str
    police: str
    contact: str
    demo: bool


@dataclass(frozen=True, slots=True)
class NavItem:
    path: str
    label: str
    icon: str
    roles: frozenset[str]


NAV: list[NavItem] = []


def nav(path: str, label: str, icon: str, *roles: str) -> None:
    """Add a menu entry for people with one of these roles. `label` is English for gettext."""
    item = NavItem(path, label, icon, frozenset(roles))
    if item not in NAV:
        NAV.append(item)


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    template = "core/error.html"
    status: int
    title: str
    message: str
    reasons: list[str]
    way_on: str
    way_on_label: str
    again: str


TITLES = {
    400: N_("This form can't be used any more"),
    401: N_("Please sign in"),
    403: N_("This is not open to you"),
    404: N_("There is nothing here"),
    405: N_("This address takes no such request"),
    409: N_("This can't be done now"),
    413: N_("That file is too large"),
    422: N_("Something in the form needs another look"),
    429: N_("Too many tries"),
    500: N_("Something broke on our side"),
    503: N_("The house is very busy"),
}
MESSAGES = {
    400: N_("It was open too long or came from another page. Go back, reload the page and send it again."),
    404: N_("The address may be mistyped, or the thing was sold or withdrawn."),
    405: N_("Go back and use the buttons on the page."),
    413: N_("A photo may have 20 MB, a tool's log 16 MB."),
    429: N_("Wait a little and try again. This protects everybody's account."),
    500: N_("It was written down for us. Nothing was saved by halves; please try again."),
    503: N_("Please try again in a moment. Nothing was lost."),
}
SIGNED_OUT_TITLE = N_("You are signed out")
SIGNED_OUT = N_("Your sign-in had ended before the form arrived, so nothing was saved. Sign in: you come back to that page.")


def prepare(app: Flask, config: Config, database: Database) -> None:
    """Everything that each request needs, before any room adds its pages."""
    app.config.update(
        SECRET_KEY=secrets.field_key("session"),
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=8 * 3600,
        WTF_CSRF_SSL_STRICT=config.https,
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(i18n.ROOT),
    )
    app.extensions["xunshi"] = config
    app.extensions["xunshi_db"] = database
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_open)  # first: a refused token or a too quick hand gets a page too, and pages need it
    csrf.init_app(app)
    limiter.enabled = not config.testing
    Babel(app, locale_selector=lambda: getattr(g, "language", "zh"))
    app.after_request(_seal_headers)
    app.after_request(compress.squeeze)
    app.teardown_request(_close)
    app.context_processor(_globals)
    _filters(app)
    _errors(app)


def config() -> Config:
    return current_app.extensions["xunshi"]  # type: ignore[no-any-return]


def database() -> Database:
    return current_app.extensions["xunshi_db"]  # type: ignore[no-any-return]


def _open() -> None:
    g.language = i18n.language_for(
        session.get("language") or request.cookies.get("language"), request.headers.get("Accept-Language")
    )
    g.visitor = NOBODY
    g.db = database().sessions()  # also for an address that is refused: its page says who is signed in
    while b"%00" in request.query_string:  # PostgreSQL takes no NUL in a text, and no address of ours has one
        request.query_string = request.query_string.replace(b"%00", b"")
    if "\x00" in request.path:
        abort(404)
    if request.endpoint != "static":
        from core.people.visitors import visitor_of_request

        g.visitor = visitor_of_request(g.db, g.language)


def _close(_fault: BaseException | None) -> None:
    opened = g.pop("db", None)
    if opened is not None:
        opened.close()


def _seal_headers(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
    if config().https:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if visitor().signed_in:
        # a form that is shown again with its mistakes may be kept by the browser: else "Back" to it asks to send it once more
        again = request.method == "POST" and answer.status_code in (409, 422)
        answer.headers.setdefault("Cache-Control", "private, no-cache" if again else "private, no-store")
    return answer


def _globals() -> dict[str, Any]:
    one = config()
    now_here = visitor()
    return {
        "visitor": now_here,
        "language": getattr(g, "language", "zh"),
        "site": Site(_("Xunshi"), one.icp, one.police, one.contact, _has_demo_people()),
        "nav_items": [item for item in NAV if item.roles & now_here.roles],
    }


def _has_demo_people() -> bool:
    """Are we a demonstration? Asked of the database until the first yes; never in production."""
    known = current_app.extensions.setdefault("xunshi_demo", set())
    if config().production or "db" not in g:
        return False
    url = database().url
    try:
        if url not in known and g.db.scalars(text("SELECT 1 FROM accounts WHERE demo LIMIT 1")).first():
            known.add(url)
    except SQLAlchemyError:  # an error page has to be shown even when the database can't answer
        return False
    return url in known


def _filters(app: Flask) -> None:
    app.jinja_env.filters["listed"] = lambda words: i18n.listed(map(str, words), getattr(g, "language", "zh"))
    app.jinja_env.filters["told"] = lambda name, value: i18n.told(str(name), str(value), getattr(g, "language", "zh"))
    app.jinja_env.filters["money"] = lambda m: format_money(m, getattr(g, "language", "zh"))
    app.jinja_env.filters["fen"] = lambda n, unit="CNY": format_money(Money(n, unit), getattr(g, "language", "zh"))
    app.jinja_env.filters["moment"] = lambda t: format_datetime(t, "medium") if t else "—"
    app.jinja_env.filters["day"] = lambda t: format_date(t, "medium") if t else "—"
    app.jinja_env.filters["iso"] = lambda t: t.isoformat() if isinstance(t, datetime) else ""


def local_path(target: str | None, otherwise: str = "/") -> str:
    """A path on this site, whatever was asked: nobody is sent elsewhere by our links."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return otherwise
    # browsers drop tabs and line ends before they look at an address: what is left could begin with two slashes
    return otherwise if any(ord(letter) < 32 for letter in target) else target


def sentence(refusal: Refused) -> str:
    """The refusal's sentence in the visitor's language, its values translated too and money written as it writes it."""
    values = {k: _(v) if isinstance(v, str) and v else v for k, v in refusal.values.items()}
    language = getattr(g, "language", "zh")
    values |= {k: format_money(v, language) for k, v in values.items() if isinstance(v, Money)}
    values |= {k: data_files.text(v, language) for k, v in values.items() if isinstance(v, data_files.Bilingual)}
    return str(_(refusal.sentence, **values) if values else _(refusal.sentence))


def error_page(
    status: int, message: str, title: str = "", reasons: list[str] | None = None, way_on: str = "/", way_on_label: str = ""
) -> Response:
    page = ErrorPage(
        status=status, title=title or _(TITLES.get(status, TITLES[500])), message=message,
        reasons=reasons or [], way_on=way_on, way_on_label=way_on_label or _("To the front page"),
        again=where_again(local_path(request.full_path.rstrip("?")), local_path(path_before())) if status in AGAIN else "",
    )  # fmt: skip
    return page.answer(status)


def _errors(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _broken)


def _refused(refusal: Refused) -> Any:
    back = request.full_path if request.method == "GET" else path_before()
    if isinstance(refusal, SignInNeeded):
        return redirect(url_for("people.sign_in", next=local_path(back.rstrip("?"))), 303)
    if isinstance(refusal, SecondFactorNeeded):
        return redirect(url_for("people.second_factor", next=local_path(back.rstrip("?"))), 303)
    answer = error_page(refusal.status, sentence(refusal))
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"] = str(refusal.wait)
    return answer


def _stale(_fault: CSRFError) -> Response:
    """A form whose token no longer counts: most often because its sender isn't signed in any more."""
    rule = getattr(current_app.view_functions.get(request.endpoint or ""), "__access__", "public")
    if visitor().signed_in or rule == "public":
        return error_page(400, _(MESSAGES[400]))
    way = url_for("people.sign_in", next=local_path(path_before()))
    return error_page(401, _(SIGNED_OUT), _(SIGNED_OUT_TITLE), way_on=way, way_on_label=_("Sign in"))


def _http(fault: HTTPException) -> Any:
    status = fault.code or 500
    if status < 400:
        return fault
    known = status if status in MESSAGES else (400 if status < 500 else 500)
    answer = error_page(status, _(MESSAGES[known]), _(TITLES.get(status, TITLES[known])))
    if isinstance(fault, MethodNotAllowed) and fault.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(fault.valid_methods))  # RFC 9110, 15.5.6
    return answer


def _busy(fault: OperationalError) -> Response:
    log.exception("database")
    _without_database()
    return error_page(503, _(MESSAGES[503]))


def _without_database() -> None:
    """A page about a fault must not ask again who is there, when that very question failed."""
    if not hasattr(g, "_login_user"):
        g._login_user = AnonymousUserMixin()


def _broken(fault: Exception) -> Response:
    log.exception("unexpected")
    if current_app.testing:
        raise fault
    _without_database()
    return error_page(500, _(MESSAGES[500]))
