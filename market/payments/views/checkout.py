"""To the provider's page and back. The way there is a page of ours with a link: a form may not lead off this site (the
Content-Security-Policy holds that), and people see where they go. The way back waits for the provider's word, not for the
browser's."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, redirect, request
from flask_babel import gettext as _

from core import clock
from core.access import needs, visitor
from core.errors import Refused
from core.i18n import N_
from core.page import Page
from core.web import limiter
from core.work import work
from market.payments import actions, queries, talking
from market.payments.contract import Unreachable
from market.payments.models import PaymentIntent
from market.payments.offer import who_holds
from market.payments.providers import get_provider
from market.payments.providers.stripe_line import Declined
from market.payments.views.parts import get_payment, written

blueprint = Blueprint("payment_checkout", __name__, url_prefix="/payments/<payment_id>")
MOST_LOOKS = 10
PAUSE = 3  # seconds between two looks of the waiting page


class NoAnswer(Refused):
    """The provider doesn't answer; nothing was taken."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "provider_silent", N_("The payment provider doesn't answer at the moment. Nothing was taken; try again soon.")
        )


@dataclass(frozen=True, kw_only=True)
class GoPage(Page):
    template = "market/payment_go.html"
    title: str
    url: str
    host: str
    back: str
    lines: list[str]


@dataclass(frozen=True, kw_only=True)
class WaitPage(Page):
    template = "market/payment_wait.html"
    title: str
    amount: str
    payment_id: str
    again: bool


def go_page(title: str, url: str, back: str, lines: list[str]) -> Response:
    """Leads on by itself after two seconds, and by a link."""
    page = GoPage(title=title, url=url, host=urlsplit(url).netloc, back=back, lines=lines).answer()
    page.headers["Refresh"] = f"2; url={url}"
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.post("/checkout")
@limiter.limit("10 per minute")
@needs("market:payment:pay", on=get_payment)
def checkout(one: PaymentIntent) -> object:
    """Open the provider's page for this payment: the same one when it is asked for twice."""
    payment_id, holds = one.id, _(who_holds(get_provider(one.provider), one.remote))
    amount = written(one.amount_minor, one.currency)
    try:
        url = talking.open_checkout(g.db, payment_id)
    except Unreachable as fault:
        raise NoAnswer() from fault
    except Declined as no:
        raise Refused(
            "provider_declines",
            N_("The payment provider doesn't take this payment. Call the order off and order it again with another way of "
               "paying."),
        ) from no
    lines = [_("You pay %(amount)s there.", amount=amount), holds]
    return go_page(_("On to the payment page"), url, f"/payments/{payment_id}", lines)


@blueprint.get("/return")
@limiter.limit("60 per minute")
@needs("market:payment:read", on=get_payment)
def came_back(one: PaymentIntent) -> object:
    """Back from the provider: asked there and then. Paid or over: on to the payment; else wait, looking a few times."""
    payment_id = one.id
    with suppress(Unreachable, Declined):  # then the page below says that there is no answer yet
        talking.look(g.db, payment_id)
    found = get_payment(g.db, payment_id)
    if found.state not in ("begun", "underway", "calling_off"):
        return redirect(f"/payments/{payment_id}", 303)
    count = request.args.get("n", "0")
    looks = int(count) if count.isascii() and count.isdigit() and len(count) < 3 else 0
    page = WaitPage(
        title=found.title, amount=written(found.amount_minor, found.currency), payment_id=payment_id, again=looks < MOST_LOOKS
    ).answer()
    if looks < MOST_LOOKS:
        page.headers["Refresh"] = f"{PAUSE}; url=/payments/{payment_id}/return?n={looks + 1}"
    return page


@blueprint.post("/call-off")
@limiter.limit("10 per minute")
@needs("market:payment:pay", on=get_payment)
def call_off(one: PaymentIntent) -> object:
    """The payer gives this payment up; the order says what can be done then."""
    payment_id = one.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.cancel(w, queries.get_intent(w.session, payment_id), "given_up")
    with suppress(Unreachable, Declined):  # then the job asks again
        talking.call_off(g.db, payment_id)
    return redirect(f"/payments/{payment_id}", 303)
