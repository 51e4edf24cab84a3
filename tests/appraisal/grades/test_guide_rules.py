"""The way through every check-list, and its drawings: nothing is walked twice, nothing is left out, every place is on its drawing."""

from xml.etree import ElementTree

import pytest

from appraisal.grades import drawings, guide_rules
from appraisal.grades import photo_rules as photos
from appraisal.standards.loader import get_standard
from core.errors import Invalid
from core.goods.card import WITH_CODE
from core.goods.cards import all_cards

GRADED = [card for card in all_cards(environ={}) if card.grading_standard]


@pytest.mark.parametrize("card", GRADED, ids=lambda card: card.code)
def test_every_check_and_every_needed_photo_has_one_screen(card):
    standard = get_standard(card.grading_standard)
    steps = guide_rules.screens(standard, card)
    assert steps[0].view == WITH_CODE, "the code first, before the thing is taken apart"
    assert len({one.key for one in steps}) == len(steps)
    assert {one.check.code for one in steps if one.check} == {check.code for check in standard.checks}
    assert set(guide_rules.needed_views(card)) <= {one.view for one in steps}


@pytest.mark.parametrize("card", GRADED, ids=lambda card: card.code)
def test_every_screen_has_a_drawing_with_its_place_marked(card):
    for step in guide_rules.screens(get_standard(card.grading_standard), card):
        shown = ElementTree.fromstring(drawings.drawing(card.code, step.check, step.view, "zh"))
        marked = [one for one in shown if one.get("class") == "draw-spot"]
        assert len(marked) == 1, f"{card.code} {step.key}: a place is marked"
        assert shown.get("role") == "img" and shown.get("aria-label") != drawings.drawing(card.code, step.check, step.view, "en")


def test_drawings_of_a_phone_show_where_to_look():
    phone = get_standard("xunshi-phone")
    names = {code: drawings._place(drawings.sheets()["phone"], drawings._signs(), phone.find_check(code), "")
             for code in ("screen_glass", "back", "frame", "lens_glass", "battery_swollen")}  # fmt: skip
    assert names == {"screen_glass": "front:screen", "back": "back:cover", "frame": "edge:frame", "lens_glass": "back:lens", "battery_swollen": "swollen:gap"}


def test_the_next_screen_goes_on_and_comes_round():
    steps = guide_rules.screens(get_standard("xunshi-book"), next(card for card in GRADED if card.code == "book"))
    every = {one.key for one in steps}
    assert guide_rules.next_open(steps, set()) == steps[0]
    assert guide_rules.next_open(steps, set(), after=3) == steps[4]
    assert guide_rules.next_open(steps, every - {steps[1].key}, after=5) == steps[1]
    assert guide_rules.next_open(steps, every) is None


@pytest.mark.parametrize(("seconds", "kept"), [(-5, 0), (0, 0), (61.9, 61), (900, 900), (86400, 900)])
def test_a_page_left_open_measures_nothing(seconds, kept):
    assert guide_rules.capped(seconds) == kept


class Shot:
    def __init__(self, view, code_read=False, clean=False):
        self.view, self.code_read, self.clean = view, code_read, clean


def test_what_a_signature_still_lacks():
    needed = (WITH_CODE, "front", "back")
    lacking = photos.missing(needed, [], data_bearing=True)
    assert lacking.views == needed and not lacking.code
    with pytest.raises(Invalid) as no:
        photos.demand(lacking, "7KM3P", graded=True)
    assert no.value.field == "photos"
    there = [Shot(WITH_CODE, clean=True), Shot("front", clean=True), Shot("back")]
    with pytest.raises(Invalid) as no:
        photos.demand(photos.missing(needed, there, data_bearing=True), "7KM3P", graded=True)
    assert no.value.field == "photo_code" and no.value.values["code"] == "7KM3P"
    there[0].code_read, there[1].clean = True, False
    with pytest.raises(Invalid) as no:
        photos.demand(photos.missing(needed, there, data_bearing=True), "7KM3P", graded=True)
    assert no.value.field == "photo_clean"
    assert photos.missing(needed, there, data_bearing=False) == photos.Missing(views=(), code=False, screens=0), "a coat has no screen"
    there[1].clean = True
    photos.demand(photos.missing(needed, there, data_bearing=True), "7KM3P", graded=True)


def test_without_a_grade_photos_may_be_missing_but_show_nothing_personal():
    photos.demand(photos.missing((WITH_CODE, "front"), [], data_bearing=True), "7KM3P", graded=False)
    with pytest.raises(Invalid):
        photos.demand(photos.missing((WITH_CODE,), [Shot("front")], data_bearing=True), "7KM3P", graded=False)


@pytest.mark.parametrize("card", GRADED, ids=lambda card: card.code)
def test_no_check_is_called_like_a_field_of_its_form(card):
    taken = {"seen", "shown", "what", "photo", "photo_code", "photo_clean", "photo_shown", "csrf_token", "answers"}
    assert not taken & {check.code for check in get_standard(card.grading_standard).checks}
