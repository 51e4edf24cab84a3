"""A phone from booking to the look at its QR code, at 360 px: the owner books, the agency takes it in, grades it, hands it back."""

import json
import re
import subprocess
import sys
import time

import pytest
import segno

from tests.journeys.conftest import its_own, running
from tests.journeys.test_guided import sign, walked
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDTH = 360
IMEI = "356938035643809"


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A market of its own: what other journeys leave to the clockwork of the shared one makes the log wait."""
    with running(its_own(tmp_path_factory.mktemp("booked"))) as address:
        yield address


def test_a_graded_phone_from_booking_to_the_qr_code(open_browser, tmp_path):
    zhou = Walker(open_browser("zh", WIDTH), "zh").be("Zhou")
    booking = booked(zhou)
    code = zhou.page.locator("#code").inner_text()
    ji = Walker(open_browser("zh", WIDTH), "zh").be("Ji")
    ji.go(booking)
    assert code not in ji.page.content(), "the desk learns the code from its owner only"
    ji.fill(code=code).tick("paid").press("Take it in")
    ji.sees("Taken in. The owner has the receipt and a new code for fetching it.")
    report = graded(Walker(open_browser("zh", WIDTH), "zh").be("Han"), booking)
    handed_back(zhou, ji, booking, code)
    scanned = followed(Walker(open_browser("en", WIDTH), "en"), report)
    checked_without_us(scanned, tmp_path)


def booked(zhou):
    """From the thing's own page: agency, time, fee, and only then booked."""
    zhou.go("/me/sales")
    zhou.page.locator("main a", has_text="L20").first.click()
    zhou.page.wait_for_load_state("load")
    zhou.go(f"{zhou.path}/edit").press("Have it graded")
    zhou.page.locator("main a[href*='/book-appraisal/']").first.click()
    zhou.page.wait_for_load_state("load")
    zhou.look("slots")
    zhou.sees("The fee hangs on the kind of thing and on how it is looked at, never on the grade, the result or a price.")
    zhou.choose(way="drop_off", payment="cash").press("Book with this fee")
    zhou.sees("Agree to the fee and the terms to book.")
    zhou.tick("agreed").press("Book with this fee")
    zhou.sees("Booked. Show the code below when you come, or at the door.")
    return zhou.path


def graded(han, booking):
    """Check by check on the guided list; the address of the report."""
    han.go(booking).press("Begin the appraisal")
    walked(han, han.path, IMEI)
    sign(han, True)
    han.go(booking)
    return han.page.locator("main a[href^='/reports/']").first.get_attribute("href")


def handed_back(zhou, ji, booking, before):
    zhou.go(booking)
    code = zhou.page.locator("#code").inner_text()
    assert code != before
    ji.go(booking).choose(by="code", kept="sealed").fill(code=code, seal_number="HZ26-009001").press("Hand it back")
    ji.sees("Handed back. The booking is closed.")
    zhou.go(booking)
    zhou.sees("Graded, and back with its owner")
    assert not zhou.page.locator("#code").count() and re.search(r"¥50\.00", zhou.page.content())


def followed(buyer, report):
    """A buyer reads the code on the seller's screen with a phone that knows neither of them, and sees the report's state today."""
    buyer.go(report)
    address = buyer.page.locator(".qr + p a").get_attribute("href")
    drawn = modules(buyer.page.locator(".qr svg path[stroke]").get_attribute("d"))
    assert drawn == encoded(address) and drawn != encoded(f"{address}x"), "the code holds this address and no other"
    buyer.page.context.clear_cookies()
    answer = buyer.page.goto(address)
    assert answer.status == 200 and buyer.page.url == address
    buyer.look("scanned")
    number = address.rsplit("/", 1)[1]
    assert number in buyer.page.locator("main").inner_text()
    language = buyer.page.locator("html").get_attribute("lang")[:2]
    return Walker(buyer.page, language).sees("Valid").sees("The house's signature over this report holds.")


def modules(drawing):
    """The dark modules of our QR picture: (column, row), its white rim included. Its path has one stroke of half a module's shift
    for each run."""
    dark, x, y = set(), 0, 0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,](-?[\d.]+))?", drawing):
        if step == "h":
            dark |= {(x + at, y) for at in range(int(first))}
            x += int(first)
        elif step == "m":
            x, y = x + int(first), y + int(second or 0)
        else:
            x, y = int(first), int(float(second))
    return dark


def encoded(text):
    """The dark modules of the code that a text has, with its rim of four."""
    rows = segno.make_qr(text, error="m").matrix_iter(border=4)
    return {(x, y) for y, row in enumerate(rows) for x, one in enumerate(row) if one}


def checked_without_us(anybody, folder):
    """The signed text, the checker and the keys as the page offers them; the checker runs alone, and a changed grade is found out."""
    paths = [anybody.page.locator(f"main a[href$='{end}']").last.get_attribute("href") for end in (".json", "verify.py")]
    for path, name in (*zip(paths, ("report.json", "verify.py"), strict=True), ("/keys.json", "keys.json")):
        answer = anybody.page.request.get(path)
        assert answer.status == 200, path
        for _ in range(240 if name == "report.json" else 0):  # it is entered into the log about a second after the signature, if nothing else runs
            if answer.json().get("log"):
                break
            time.sleep(0.5)
            answer = anybody.page.request.get(path)
        (folder / name).write_bytes(answer.body())
    genuine = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert verdict(folder, genuine) == (0, "valid")
    assert verdict(folder, {**genuine, "body": {**genuine["body"], "number": "JD-2026-999999-X"}})[0] == 1


def verdict(folder, value):
    (folder / "file.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    line = [sys.executable, "-I", "-S", "verify.py", "file.json", "--trust", "keys.json", "--json"]
    told = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
    return told.returncode, json.loads(told.stdout)["verdict"]
