"""A phone is graded check by check at 360 px: with JavaScript, cut off and back online in between; and by plain forms alone."""

import re
import tomllib
from pathlib import Path

import pytest

from core.i18n import say
from tests.journeys.conftest import its_own, running
from tests.journeys.walker import Walker, photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


# devices that the demonstration's shop has: their numbers stand on the thing, and here in its data
SERIALS = [one["serial"] for one in tomllib.loads((ROOT / "market/demo/listings.toml").read_text(encoding="utf-8"))["listings"] if "serial" in one]


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A market of its own: other journeys of the shared one begin the two devices of the demonstration that wait."""
    with running(its_own(tmp_path_factory.mktemp("guided"))) as address:
        yield address


def waiting(li):
    """Begin the first device of the demonstration that waits; returns its address and its serial number."""
    li.go("/appraisals")
    for card in li.page.locator("main article:has(form button)").all():
        serial = next((one for one in SERIALS if f"{one[:-4]}****" in card.inner_text()), None)
        if serial is not None:
            with li.page.expect_navigation(wait_until="load"):
                card.locator("form button").click()
            return li.path, serial
    raise AssertionError("no device of the demonstration waits")


def shots(li):
    """A photo for the screen where one is asked for, and what is to be said of it."""
    li.upload("photo", ("拍照.jpg", "image/jpeg", photo(f"photo {li.path}", (60, 90 + len(li.path) % 90, 120))))
    li.press("Add the photo and stay")
    for box in li.page.locator("input[name=photo_code], input[name=photo_clean]").all():
        li.check(box)


def read_numbers(li, serial):
    """On the screen where numbers are read: its serial number in the system and on the thing, the other places show none."""
    folds = li.page.locator(".number-place")
    for at, fold in enumerate(folds.all()):
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        if at < 2:
            fold.locator("input[type=text]").first.fill(serial)
        else:
            fold.locator("select").select_option(index=1)


def answered(li, serial):
    """One screen: its photo, its answer, on to the next."""
    if li.page.locator("input[name=photo]").count() and not li.page.locator(".shot").count():
        shots(li)
    if li.page.locator("select[name=how]").count():
        li.page.locator("select[name=how]").select_option("carrier_page")
    if li.page.locator(".number-place").count():
        read_numbers(li, serial)
    elif li.page.locator(".check-one input[type=radio]").count():
        li.check(li.page.locator(".check-one input[type=radio]").first)
    elif li.page.locator(".check-one input[type=text]").count():
        li.page.locator(".check-one input[type=text]").first.fill("91")
    with li.page.expect_navigation(wait_until="load"):
        li.page.locator("button[value=next]").click()
    li.look(li.path)


def walked(li, home, serial):
    li.press("Begin" if li.offers("Begin") else "Go on")
    for _ in range(60):
        if li.path.split("#")[0] == f"{home}/finish":
            break
        answered(li, serial)
    li.sees("The grade that would come")


@pytest.mark.parametrize(("language", "script"), [("zh", True), ("en", False)])
def test_graded_check_by_check(chromium, market, language, script):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN" if language == "zh" else "en",
                                   base_url=market, java_script_enabled=True)  # fmt: skip
    faults, page = [], context.new_page()
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    li = Walker(page, language).be("Li")
    home, serial = waiting(li)
    if script:
        cut_off(context, li, home)
    else:
        li = plain(chromium, market, context, language)
        li.go(home)
    if script:
        walked(li, home, serial)
    else:
        plain_walk(li, home, serial)
    li.sees("The grade that would come")
    sign(li, script)
    li.sees("Photos taken by the appraiser")
    assert not faults
    context.close()


def cut_off(context, li, home):
    """In a cellar: the answer waits on the phone, is seen to wait, and is there once the phone is back."""
    key = li.page.locator(".check-line a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    path = next(one for one in key if not one.rsplit("/", 1)[1].startswith("photo-") and not one.endswith("_matches"))
    li.go(path)
    radio = li.page.locator(".check-one input[type=radio]").first
    context.set_offline(True)
    li.check(radio)
    li.page.locator("button[value=next]").click()
    kept = li.t("Kept on this phone; it is sent as soon as there is a connection.")
    li.page.wait_for_function("words => document.querySelector('[data-draft-state]').textContent === words", arg=kept)
    stored = li.page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('xunshi-draft-'))")
    assert len(stored) == 1 and set(re.findall(r'"(\w+)":', stored[0][1])) <= {path.rsplit("/", 1)[1], "value", "what", "seen", "shown"}
    context.set_offline(False)
    li.page.wait_for_function("words => document.querySelector('[data-draft-state]').textContent === words", arg=li.t("Saved"))
    assert li.page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('xunshi-draft-')).length") == 0
    li.go(home)
    assert li.page.locator(".check-line.is-done").count() == 1


def plain(chromium, market, context, language):
    """The same person in a browser without JavaScript."""
    bare = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en", base_url=market, java_script_enabled=False)
    bare.add_cookies(context.cookies())
    return Walker(bare.new_page(), language)


def plain_walk(li, home, serial):
    """Walker's looks run scripts; without them the page is read and pressed as it stands."""
    li.page.goto(f"{home}/checks/photo-with_code")
    for _ in range(60):
        if "/finish" in li.page.url:
            return
        if li.page.locator("input[name=photo]").count() and not li.page.locator(".shot").count():
            name = f"{li.page.url.rsplit('/', 1)[1]}.jpg"
            li.page.locator("input[name=photo]").set_input_files([{"name": name, "mimeType": "image/jpeg", "buffer": photo(name, (90, 120, 60))}])
            li.page.locator("button[value=photo]").click()
            li.page.wait_for_load_state("load")
            for box in li.page.locator("input[name=photo_code], input[name=photo_clean]").all():
                box.check(force=True)
        if li.page.locator("select[name=how]").count():
            li.page.locator("select[name=how]").select_option("carrier_page")
        if li.page.locator(".number-place").count():
            read_numbers(li, serial)
        elif li.page.locator(".check-one input[type=radio]").count():
            li.page.locator(".check-one input[type=radio]").first.check(force=True)
        elif li.page.locator(".check-one input[type=text]").count():
            li.page.locator(".check-one input[type=text]").first.fill("91")
        here = li.page.url
        li.page.locator("button[value=next]").click()
        li.page.wait_for_url(lambda url, before=here: url.split("#")[0] != before.split("#")[0])
    raise AssertionError(f"never came to the finish: {li.page.url}")


def sign(li, script):
    li.page.locator("button[value=sign]").click()
    if script:
        li.page.locator("dialog[open] button[value=yes]").click()
    li.page.wait_for_url(re.compile(r"/appraisals/\w+$"))
    body = " ".join(li.page.locator("body").inner_text().split())
    assert say("Signed. The owner was told the grade.", li.language) in body
    grade = li.page.locator(".grade").first.inner_text()
    assert "?" not in grade, grade
