"""A seller appeals against a grade on a phone: somebody of another agency grades it anew, and what they find counts."""

import pytest

from tests.journeys.test_guided import walked
from tests.journeys.walker import Walker
from tests.soak import told_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def report_of(owner, words):
    """From the listing to its report."""
    owner.go(f"/search?q={words}")
    owner.page.locator(".cards a[href^='/listings/'], main a[href^='/listings/']").first.click()
    owner.page.wait_for_load_state("load")
    href = owner.page.locator("a[href^='/appraisals/']").first.get_attribute("href")
    owner.go(href)
    return owner.path


def numbers_read(han, home, serial):
    """What stands on the thing, wherever the list asks for it."""
    han.go(f"{home}/checks/serial_matches").unfold()
    for field in han.page.locator("main form input[type=text]").all():
        field.fill(serial)
    with han.page.expect_navigation(wait_until="load"):
        han.page.locator("button[value=next]").click()
    han.go(home)


@pytest.mark.parametrize(
    ("language", "seller", "words", "serial"), told_in(("zh", "徐磊", "Latitude", "7HX2QT3"), ("en", "Emma Novak", "EliteBook", "5CG1044KXR"))
)
def test_a_grade_is_appealed_against(open_browser, language, seller, words, serial):
    owner = Walker(open_browser(language, 360), language)
    owner.page.goto(f"/language/{language}?next=/demo")
    with owner.page.expect_navigation(wait_until="load"):
        owner.page.locator("form[action^='/demo/sign-in/']", has_text=seller).locator("button").first.click()
    report = report_of(owner, words)
    owner.sees("Is the grade wrong?").press("Appeal against this grade").sees("Which checks do you contest?")
    owner.press("Appeal").sees("Please check these entries")
    owner.fill(words="屏幕和外壳没有那么旧")
    owner.check(owner.page.locator("input[name=checks]").first)
    owner.press("Appeal").sees("With a reviewer").sees("What happens when")
    appeal = owner.path
    owner.go(report).sees("Under appeal")
    han = Walker(open_browser(language, 360), language).be("Han").go("/appeals").sees("For you to grade anew")
    with han.page.expect_navigation(wait_until="load"):
        han.page.locator("section[aria-labelledby=looks] a[href^='/appraisals/']").first.click()
    han.look("overview")
    home = han.path
    han.sees("I can't look at it")
    numbers_read(han, home, serial)
    walked(han, home, serial)
    han.press("Give the grade").sees("Thank you. Your grade is on record.")
    owner.go(appeal).sees("Another grade").sees("Not content with the outcome?")
    owner.fill(words="请三人再看一次").press("Ask for a panel").sees("Too few reviewers")
    guan = Walker(open_browser(language, 360), language).be("Guan").go(appeal).sees("Not enough uninvolved appraisers")
    guan.fill(reason="本市目前没有第三位未参与的鉴定评估师").press("End the appeal").sees("The grade was overturned")
    owner.go(appeal).sees("Reason of the platform")
    anybody = Walker(open_browser(language, 360), language).go(f"/language/{language}?next={report}").sees("Superseded")
    anybody.go("/agreement").sees("Appeals by agency and appraiser").sees("too few")
