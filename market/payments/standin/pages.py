"""The stand-in's hosted pages, marked as such on each: paying, and opening an account. Chinese or English, without a script."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from core.money import Money, format_money
from market.payments.standin import control, disputes, money
from market.payments.standin.store import Shelf, Thing

if TYPE_CHECKING:
    from market.payments.standin.app import Standin

HERE = Path(__file__).parent / "hosted"
JINJA = Environment(
    loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
CARDS = {
    "4242424242424242": "", "4000000000000002": "card_declined", "4000000000009995": "insufficient_funds",
    "4000000000000069": "expired_card", "4000000000000259": "disputed", "4000000000005126": "refund_fails",
    "4000000000007726": "refund_pending",
}  # fmt: skip
GOOD = ("", "disputed", "refund_fails", "refund_pending")
REFUNDS = {"refund_fails": "fails", "refund_pending": "pending"}


def answer(standin: "Standin", request: Request) -> Response:
    first, _, thing_id = request.path.strip("/").partition("/")
    if first == "favicon.ico":
        return Response(status=204)
    if first == "style.css":
        return Response((HERE / "style.css").read_bytes(), mimetype="text/css")
    with standin.store.open() as shelf:
        if first == "pay":
            return _pay(shelf, request, thing_id)
        if first == "onboard":
            return _onboard(shelf, request, thing_id)
    return _page(request, "home.html", status=200 if not first else 404, door=standin.door)


def _zh(request: Request) -> bool:
    asked = request.args.get("lang") or request.headers.get("Accept-Language", "zh")
    return not asked.lower().startswith("en")


def _page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    zh = _zh(request)
    text = JINJA.get_template(name).render(zh=zh, other=f"{request.path}?lang={'en' if zh else 'zh'}", **values)
    page = Response(text, status, mimetype="text/html")
    page.headers["Content-Security-Policy"] = POLICY
    return page


def _pay(shelf: Shelf, request: Request, session_id: str) -> Response:
    session = shelf.find(session_id)
    if session is None or session["object"] != "checkout.session":
        return _page(request, "home.html", status=404, door="")
    if session["status"] != "open":
        return _page(request, "over.html", back=session["success_url"], paid=session["payment_status"] == "paid")
    why = _try(shelf, session, request.form) if request.method == "POST" else ""
    if request.method == "POST" and not why:
        return redirect(session["success_url"], 303)
    amount = format_money(Money(session["amount_total"], session["currency"].upper()), "zh" if _zh(request) else "en")
    return _page(request, "pay.html", status=402 if why else 200, title=session["x_title"], amount=amount, why=why,
                 away=session["cancel_url"] or session["success_url"])  # fmt: skip


def _try(shelf: Shelf, session: Thing, form: Any) -> str:
    """Pay as the form says; the code of what went wrong, or "" when it is paid or under way."""
    method = form.get("method", "card")
    if method != "card":
        return _wallet(shelf, session, method, form.get("how", "paid"))
    number = "".join(one for one in form.get("number", "") if one.isdigit())
    if number not in CARDS:
        return "unknown_card"
    what = CARDS[number]
    if what not in GOOD:
        money.decline(shelf, session, what)
        return what
    charge = money.pay(shelf, session, "card")
    charge["x_refund"] = REFUNDS.get(what, "")
    shelf.save(charge)
    shelf.report("checkout.session.completed", session)
    if what == "disputed":
        disputes.open_dispute(shelf, charge, charge["amount"])
    return ""


def _wallet(shelf: Shelf, session: Thing, method: str, how: str) -> str:
    if how == "refused" or method not in session["x_methods"]:
        money.decline(shelf, session, "payment_method_provider_decline")
        return "payment_method_provider_decline"
    if how == "later":
        payment = shelf.find(session["payment_intent"] or "") or money.open_payment(shelf, session)
        payment["status"] = "processing"
        shelf.save(payment)
        session.update(status="complete", url=None)
        shelf.save(session)
    else:
        money.pay(shelf, session, method)
    shelf.report("checkout.session.completed", session)
    return ""


def _onboard(shelf: Shelf, request: Request, link_id: str) -> Response:
    link = shelf.find(link_id)
    if link is None or link["object"] != "x_link":
        return _page(request, "home.html", status=404, door="")
    if link["used"]:
        return redirect(link["again"], 303)
    account = shelf.find(link["account"]) or {}
    if request.method != "POST":
        return _page(request, "onboard.html", country=account["country"], back=link["back"])
    link["used"] = True
    shelf.save(link)
    if request.form.get("how") != "later":
        control.onboarded(shelf, account, stopped=request.form.get("how") == "stopped")
    return redirect(link["back"], 303)
