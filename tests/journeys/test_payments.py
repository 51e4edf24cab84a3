"""Money on two phones: by card from Checkout to release and a part of it back, by the seller's own code, and before a mediator.

The card payments go to the stand-in beside the server, over HTTP and through its hosted page. At the end of each story the books
are added up by the command and opened on the pages."""

import hashlib
import io
import json
import re
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.conftest import FLASK, ROOT
from tests.journeys.walker import Walker, photo
from tests.soak import told_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES = pytest.mark.parametrize(("language", "width"), told_in(("zh", 360), ("en", 1280)))
Opened = Callable[..., Walker]


@pytest.fixture
def person(open_browser: Callable[..., Any], language: str, width: int) -> Opened:
    return lambda name: Walker(open_browser(language, width), language).be(name)


def flask(environ: dict[str, str], *words: str) -> Any:
    done = subprocess.run([FLASK, *words, "--json"], cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def until(walker: Walker, path: str, sentence: str, seconds: int = 20, **values: object) -> Walker:
    """Reload until the page says it: jobs run within a second or two."""
    words = walker.t(sentence, **values)
    for _ in range(seconds * 4):
        walker.page.goto(path)
        if words in " ".join(walker.page.locator("main").inner_text().split()):
            walker.look(path)
            return walker
        time.sleep(0.25)
    raise AssertionError(f"{words!r} never appeared on {path}: {walker.page.locator('main').inner_text()[:900]}")


def order(buyer: Walker, listing: str, payment: str) -> tuple[str, str]:
    """Reserve it, read what is told, order it. Returns the order's address and its price as the pages write it."""
    buyer.go(listing).press("Reserve it")
    for box in buyer.page.locator("main form input[type=checkbox]").all():
        buyer.check(box)
    buyer.choose(payment=payment)
    path, price = buyer.path.removesuffix("/confirm"), buyer.page.locator(".row-card data").first.inner_text()
    buyer.press("Order for %(price)s", price=price).sees("The contract stands since")
    return path, price


def pay_by_card(buyer: Walker, price: str) -> str:
    """From the order's page over the stand-in's Checkout and back. Returns the address of the payment."""
    buyer.sees("Nobody yet: it isn't paid")
    assert not buyer.offers("Start the check"), "what a provider takes the money for is paid first"
    buyer.press("Pay %(price)s", price=price)
    payment, home = buyer.path, re.sub(r"(://[^/]+).*", r"\1", buyer.page.url)
    buyer.sees("Card payments go to a stand-in on this machine here: no real money, test cards only.")
    buyer.press("Pay %(amount)s", amount=price).press("Go on")
    assert home not in buyer.page.url and buyer.page.locator("h1").inner_text() == price
    for number in ("4000 0000 0000 0002", "4242 4242 4242 4242"):
        buyer.page.locator("#number").fill(number)
        with buyer.page.expect_navigation(wait_until="load"):
            buyer.page.locator("form.box button").first.click()
        buyer.look(f"after {number[-4:]}")
        assert (buyer.page.locator(".fault").count() == 1) == number.endswith("0002")
    assert buyer.path == payment, "back from the payment page, paid"
    buyer.sees("Guaranteed trade").sees("Still held").sees("Held until at most")
    return payment


def check_and_hand_over(buyer: Walker, seller: Walker, path: str, button: str) -> str:
    """They meet. Returns the receipt code, typed by the seller."""
    check(buyer, path)
    code = str(buyer.page.locator(".code-large").inner_text()).strip()
    seller.go(path).fill(code=code).press(button)
    return code


def check(buyer: Walker, path: str) -> None:
    buyer.go(path).press("Start the check")
    for group in buyer.page.locator("main fieldset").all():
        buyer.check(group.locator("input[value=yes]"))
    buyer.press("All answered")


def look_through_the_books(reader: Walker, path: str, kinds: list[str]) -> None:
    """Every entry of the order opens, and the sale says how it came about."""
    reader.go(path).unfold().sees("Every entry sums to zero. Open one to see how each amount came about.")
    rows = reader.page.locator("a[href^='/money/entries/']").all()
    entries = [(row.locator("b").inner_text(), row.get_attribute("href")) for row in rows]
    assert sorted(what for what, _ in entries) == sorted(reader.t(kind) for kind in kinds)
    for what, href in entries:
        reader.go(href).sees("Each amount stands on two sides, so the entry sums to nothing.")
        if what == reader.t("Sale"):
            reader.sees("How each amount came about")


def the_books_balance(person: Opened) -> None:
    """On the bookkeeper's page, and against the stand-in's own balance."""
    guan = person("Guan").go("/books")
    one, more = "%(num)s entry was added up", "%(num)s entries were added up"  # Chinese has one form, kept under the first
    words = guan.t(f"{one if guan.language == 'zh' else more} anew just now: all of it sums to zero.", num="N")
    assert words in re.sub(r"\d+", "N", guan.page.locator("main").inner_text())
    guan.go("/payments/reconciliation").press("Compare now").sees("Both agree.")


@pytest.fixture(autouse=True, scope="module")
def in_the_end(market: str, environ: dict[str, str]) -> Iterator[None]:
    """After all of these stories: the commands beside the server say the same of the books."""
    yield
    found = flask(environ, "ledger", "verify")
    assert found["ok"] and set(found["sums"].values()) == {0} and found["entries"] > 10
    assert flask(environ, "payments", "reconcile")["agrees"]


@LANGUAGES
def test_by_card_from_checkout_to_release_and_a_part_of_it_back(person, language, width):
    bob, tang = person("Bob"), person("Tang")
    bob.page.goto("/demo")
    steps = bob.page.locator("section", has_text=bob.t("Paying by card")).first
    path, price = order(bob, steps.locator("a[href^='/listings/']").first.get_attribute("href"), "stripe")
    tang.go(path).sees("Hand it over or send it only once this page says that it is paid.")
    payment = pay_by_card(bob, price)
    tang.go(path).sees("The money rests in the platform's own balance at the provider and goes to the seller when the order closes.")
    check_and_hand_over(bob, tang, path, "Handed over")
    until(tang, payment, "The money is on the seller's account at the provider.").sees("Nothing is held any more: it went to the "
          "seller, or back to the buyer. Below you see how much and when.")  # fmt: skip
    assert tang.t("Guaranteed trade") not in tang.page.locator("main").inner_text(), "nobody holds anything by now"
    tang.go(path).sees("Nobody any more").sees("It was paid and handed over.")
    # a part of it back: the buyer keeps the thing, the seller's share is fetched back from her account
    bob.go(path).press("Something is wrong").choose(ground="not_as_told", kind="refund")
    bob.fill(amount="12.34", words="拉链头有裂纹" if language == "zh" else "The zip has a crack").press("Ask for it")
    assert not bob.offers("Ask for mediation"), "first the seller has three days"
    tang.go(bob.path).press("Accept it").sees("It is done: what was granted goes back to the buyer.")
    until(bob, payment, "The money went back to the buyer.")
    until(tang, payment, "The seller's share of the refund came back.")
    assert "12.34" in tang.page.locator("main").inner_text()
    tang.go("/me/money").sees("How buyers pay you").press("Payout account").sees("Ready")
    kinds = ["Payment received by the provider", "Sale", "The payment provider's fee", "Money handed on to the seller",
             "Part of a sale taken back", "Money paid back", "Money fetched back from the seller"]  # fmt: skip
    look_through_the_books(tang, path, kinds)
    the_books_balance(person)


@LANGUAGES
def test_by_the_sellers_own_code_face_to_face(person, language, width):
    zhou, bob = person("Zhou"), person("Bob")
    zhou.go("/me/money").press("Collection code").choose(kind="wechat", merchant="no")
    zhou.upload("picture", ("code.jpg", "image/jpeg", photo("WeChat", (30, 120, 60)))).press("Keep this code").sees("In use")
    path, price = order(bob, listing_of(bob, "Zhou", language), "collect_code")
    bob.sees("Nobody holds money")
    check(bob, path)
    bob.press("Show the seller's collection code").sees("The seller's collection code")
    payment = bob.path
    shown = bob.page.locator("#code img")
    assert shown.evaluate("one => one.naturalWidth") > 100, "the picture came"
    assert bob.t("Guaranteed trade") not in bob.page.locator("main").inner_text()
    bob.press("I have paid")
    stranger = person("Tang")
    assert stranger.page.goto(payment).status == 404 and stranger.page.goto(f"{payment}/code.jpg").status == 404
    # the receiver looks into their own app and confirms; only that makes it paid
    zhou.go(path).sees("The buyer checked it and is content. Pay the seller, then show the receipt code.")
    zhou.go(payment).sees("The buyer has paid").press("I have received %(amount)s", amount=price)
    code = bob.go(path).sees("Your receipt code").page.locator(".code-large").inner_text().strip()
    zhou.go(path).fill(code=code).press("Handed over").sees("It was paid and handed over.")
    assert bob.page.goto(f"{payment}/code.jpg").status == 404, "the code is shown while it is to be paid, not after"
    look_through_the_books(zhou, path, ["Payment in person", "Sale"])
    the_books_balance(person)


def listing_of(walker: Walker, seller: str, language: str) -> str:
    """Something of theirs that is on sale and needs no wipe; another thing for each language."""
    words = {"zh": "围城", "en": "卡坦岛"}[language]
    walker.page.goto(f"/search?q={words}")
    return str(walker.page.locator("main a[href^='/listings/']").first.get_attribute("href"))


@LANGUAGES
def test_a_dispute_before_a_mediator_and_on_appeal(person, language, width):
    """A shop sells, so the money is held through the seven days, and the mediators decide about money that is still there."""
    bob, shen = person("Bob"), person("Shen")
    bob.page.goto(f"/search?q={'海尔滚筒洗衣机' if language == 'zh' else '容声三门冰箱'}")
    path, price = order(bob, bob.page.locator("main a[href^='/listings/']").first.get_attribute("href"), "stripe")
    payment = pay_by_card(bob, price)
    check_and_hand_over(bob, shen, path, "Handed over")
    bob.go(path).sees("The buyer has it. It closes by itself if nothing is wrong with it.")
    bob.go(payment).sees("Still held").go(path)
    # asked, refused, to a mediator; both sides state their case
    bob.press("Something is wrong").choose(ground="not_as_told", kind="compensation").fill(amount="100", words="门封漏水 leaks")
    bob.upload("photos", ("seal.jpg", "image/jpeg", photo("seal", (80, 60, 50)))).press("Ask for it")
    case = bob.path
    shen.go(case).fill(words="交付时当面试机正常 it ran at the hand-over").press("Refuse it")
    bob.go(case).fill(words="请调解 please").press("Ask for mediation").sees("With a mediator")
    shen.go(case).fill(words="请看验机记录 see the check").press("Only say it")
    du = person("Du")
    du.go("/cases").go(case).fill(amount="60", words="门封老化未告知 an old seal that was not told").press("Decide")
    du.sees("Either side may appeal within seven days; then it is carried out.")
    shen.go(case).fill(words="金额过高 too much").press("Appeal")
    assert not du.go(case).offers("Decide"), "on appeal somebody else decides"
    qin = person("Qin").go("/cases").go(case).fill(amount="40", words="按配件价酌减 the price of the part").press("Decide")
    qin.sees("It is done: what was granted goes back to the buyer.")
    until(bob, payment, "The money went back to the buyer.")
    shen.go(payment).sees("Still held").go(path)  # the rest keeps the order's own date: Bob can still find another fault
    files = evidence(bob, case)
    assert {line["what"] for line in json.loads(files["case.json"])["lines"]} >= {"asked", "refused", "decision", "appeal", "final"}
    assert [name for name in files if name.startswith("photos/")] and json.loads(files["check_in_person.json"])[0]["passed"]
    kinds = ["Payment received by the provider", "Sale", "The payment provider's fee", "Part of a sale taken back",
             "Money paid back"]  # fmt: skip
    look_through_the_books(shen, path, kinds)
    the_books_balance(person)


def evidence(walker: Walker, case: str) -> dict[str, bytes]:
    """The zip as the browser saves it, each file as its digest says."""
    walker.go(case)
    with walker.page.expect_download() as waiting:
        walker.page.locator(f"a[href='{case}/evidence.zip']").click()
    with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    digests = json.loads(files["digests.json"])
    assert {name: hashlib.sha256(body).hexdigest() for name, body in files.items() if name != "digests.json"} == digests
    return files


