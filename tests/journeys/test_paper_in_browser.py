"""A certificate is checked in the browser itself, with WebCrypto; a changed text is seen there too."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.journeys.walker import Walker

CODES = ["digest", "signature", "leaf", "inclusion", "checkpoint"]


def marks(page: Any) -> dict[str, str]:
    page.locator("[data-check-go]").click()
    page.wait_for_selector("[data-check-list]:not([hidden])")
    return {code: page.locator(f"[data-check={code}] .finding-word").inner_text() for code in CODES}


def entered(market: str) -> str:
    """The number of a certificate in the log; the demo's entries are numbered when the server's first turn comes."""
    for _ in range(100):
        try:
            answer = urllib.request.urlopen(f"{market}/log/entries", timeout=10).read()
        except urllib.error.HTTPError:
            time.sleep(0.2)
            continue
        leaves = [json.loads(one["leaf"]) for one in json.loads(answer)["entries"]]
        return next(str(one["subject"]) for one in leaves if one["type"] == "privacy:certificate:issued")
    raise AssertionError("nothing was entered into the log")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_certificate_is_checked_where_it_is_read(open_browser, market, language):
    number = entered(market)
    page = open_browser(language, 360)
    page.goto(f"/language/{language}?next=/certificates/{number}")
    who = Walker(page, language)
    assert set(marks(page).values()) == {who.t("Yes")}

    def bend(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('"epoch":1', '"epoch":7', 1))

    page.route("**/certificates/*.json", bend)
    page.reload()
    found = marks(page)
    assert (found["digest"], found["signature"]) == (who.t("No"), who.t("No"))
