"""Buyers at a real server who pay by card, and who do what people do when a page doesn't load: wait a moment and try again.

Each has an address of their own on this machine, so that the limits count them apart. What a step has led to they read off the
order itself; so whoever is cut off in the middle of a step goes on where it stands."""

import html
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import select

from core.db import Database
from market.listings.models import Listing
from market.orders.models import Order
from market.payments.models import PaymentIntent

PATIENCE = 300  # seconds for one purchase: on a busy machine the server dies several times meanwhile
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
LINK = re.compile(r'href="(http://127\.0\.0\.1:\d+/pay/\w+)"')


class NotYet(Exception):  # noqa: N818  (an answer)
    """The page isn't what it has to be before the next step."""


class From(HTTPAdapter):
    """Everything goes out from this address of loopback."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **words: Any) -> None:
        super().init_poolmanager(*args, source_address=(self.address, 0), **words)


class Browser:
    """Signed in as one demo person."""

    def __init__(self, home: str, account_id: str, address: str) -> None:
        self.home, self.account_id, self.web = home, account_id, requests.Session()
        self.web.mount("http://", From(address))

    def get(self, path: str) -> requests.Response:
        answer = self.web.get(self.home + path, timeout=30)
        if answer.status_code == 401 or "/sign-in" in answer.url:
            self._sign_in()
            answer = self.web.get(self.home + path, timeout=30)
        return answer

    def _sign_in(self) -> None:
        self.web.post(f"{self.home}/demo/sign-in/{self.account_id}", fields(self.web.get(f"{self.home}/demo", timeout=30).text), timeout=30)

    def post(self, page: str, path: str, **words: Any) -> requests.Response:
        """Send a form that stands on a page, with its hidden fields."""
        answer = self.web.post(self.home + path, {**fields(self.get(page).text), **words}, timeout=30)
        if answer.status_code == 401 or "/sign-in" in answer.url:
            self._sign_in()
        if answer.status_code >= 400 or "/sign-in" in answer.url:
            raise NotYet(f"{path}: {answer.status_code} {answer.url}")
        return answer


def fields(page: str) -> dict[str, str]:
    found = {}
    for one in HIDDEN.findall(page):
        name, value = re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)
        if name is not None and value is not None:
            found.setdefault(name[1], html.unescape(value[1]))
    return found


class Buyer(threading.Thread):
    """Buys one thing after the other until it is told to stop; the purchase that is underway is carried to its end."""

    def __init__(self, database: Database, home: str, account_id: str, seller: Browser, things: list[str], nth: int) -> None:
        super().__init__(daemon=True)
        self.database, self.things, self.seller = database, things, seller
        self.browser = Browser(home, account_id, f"127.0.1.{nth + 1}")
        self.enough, self.steps, self.fault = threading.Event(), 0, ""
        self.bought: list[str] = []
        self.stands = self.last = ""

    def run(self) -> None:
        while self.things and not self.enough.is_set() and not self.fault:
            listing = self.things.pop()
            until = time.monotonic() + PATIENCE
            while not self._bought(listing):
                if time.monotonic() > until:
                    self.fault = f"{listing} could not be bought: {self.stands} {self.last}"
                    return
                try:
                    self._next(listing)
                    self.steps += 1
                except (requests.RequestException, NotYet) as no:
                    self.last = repr(no)[:300]
                    time.sleep(0.1)
            self.bought.append(listing)

    def _bought(self, listing: str) -> bool:
        return self._read(lambda session: session.scalars(select(Listing.state).where(Listing.id == listing)).one()) == "sold"

    def _read(self, look: Callable[[Any], Any]) -> Any:
        with self.database.session() as session:
            return look(session)

    def _next(self, listing: str) -> None:
        """One step further from where the order stands."""
        mine = select(Order).where(Order.listing_id == listing, Order.buyer_id == self.browser.account_id)
        order, intent = self._read(
            lambda session: (found := session.scalars(mine.order_by(Order.id.desc())).first(),
                             session.get(PaymentIntent, found.intent_id) if found and found.intent_id else None)
        )  # fmt: skip
        page = f"/orders/{order.id}" if order else f"/listings/{listing}"
        self.stands = f"{order.state} {intent.state if intent else ''}" if order else "on sale"
        if order is None:
            self.browser.post(page, f"{page}/reserve")
        elif order.state == "created":
            self.browser.post(f"{page}/confirm", f"{page}/confirm", payment="stripe", fulfilment="meet")
        elif order.state == "awaiting_payment":
            self._pay(f"/payments/{intent.id}")
        elif order.state == "paid" and order.checked_at is None:
            self.browser.post(f"{page}/check", f"{page}/check", same_thing="yes", defects="yes")
        elif order.state == "paid":
            code = re.search(r'class="code-large">([^<]+)<', self.browser.get(page).text)
            if code is None:
                raise NotYet("no receipt code")
            self.seller.post(page, f"{page}/hand-over", code=code[1].strip())
        else:
            raise NotYet(order.state)

    def _pay(self, payment: str) -> None:
        """To the provider's page and back; whoever has paid already is told so there, and the return asks the provider."""
        way = LINK.search(self.browser.post(payment, f"{payment}/checkout").text)
        if way is not None:
            requests.post(way[1], {"method": "card", "number": "4242424242424242"}, timeout=30, allow_redirects=False)
        self.browser.get(f"{payment}/return")
