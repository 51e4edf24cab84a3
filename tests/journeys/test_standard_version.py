"""A standard's next version on a phone: drafted by one person, looked at and approved by another, public from its day on."""

from datetime import UTC, datetime

import pytest

from core.clock import local
from tests.journeys.walker import Walker


@pytest.mark.browser
@pytest.mark.parametrize(("language", "standard"), [("zh", "xunshi-phone"), ("en", "xunshi-tablet")])
def test_a_stricter_battery_becomes_the_rule(open_browser, language, standard):
    path = f"/standards/{standard}/2/draft"
    mei = Walker(open_browser(language, 360), language).be("Mei").go("/standards")
    panel = mei.page.locator(f"#{standard}")
    with mei.page.expect_navigation(wait_until="load"):
        panel.get_by_role("button", name=mei.t("Draft a new version")).click()
    assert mei.path == path
    mei.sees("The laws of grading").go(f"{path}/checks/battery_health").fill(**{"bands-2-bound": "88 %"}).press("Save the draft")
    mei.sees("Please enter a plain number.").fill(**{"bands-2-bound": "88"}).press("Save the draft").sees("below %(bound)s", bound="88 %")
    today = local(datetime.now(UTC)).date().isoformat()
    mei.go(f"{path}/head").fill(effective_from=today).press("Save the draft")
    mei.go(f"{path}/replay").go(path).fill(why="以 88% 为准").press("Hand it in").sees("You drafted it yourself: another person decides on it.")
    guan = Walker(open_browser(language, 360), language).be("Guan").go(path).sees("Past appraisals under this version")
    guan.page.locator("input[name=decision][value=approve]").check()
    guan.fill(reason="同意").press("Decide on it").sees("Approved")
    anybody = Walker(open_browser(language, 360), language).go(f"/language/{language}?next=/standards/{standard}/2")
    anybody.sees("Version %(version)s, in force from %(day)s", version=2, day=today).go("/standards").sees("Replaced").sees("In force")
