"""A phone from booking to the look at its QR code, at 360 px: the owner books, the agency takes it in, grades it, hands it back."""

import re

import pytest

from tests.journeys.test_guided import sign, walked
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDTH = 360


def test_a_graded_phone_from_booking_to_the_qr_code(open_browser):
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
    stranger = Walker(open_browser("en", WIDTH), "en")
    stranger.go(report)
    stranger.sees("Valid")


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
    """Check by check on the guided list; the address of the report is what its QR code holds."""
    han.go(booking).press("Begin the appraisal")
    walked(han, han.path)
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
