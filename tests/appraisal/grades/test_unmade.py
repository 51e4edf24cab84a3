"""What nobody looked at is told as not tested, never as what would have been found."""

import pytest

from appraisal.grades import rules
from appraisal.grades.models import Appraisal, Report
from appraisal.grades.report_paper import document, reason_words
from appraisal.grades.report_rules import shown_reasons
from appraisal.grades.shape import grade_data
from appraisal.grades.unmade_rules import Unmade, unmade
from appraisal.standards.loader import all_standards, get_standard
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from core.goods.models import Item
from tests.appraisal.grades.test_appraisal_pages import begun

PHONE, DESKTOP = get_standard("xunshi-phone", 1), get_standard("xunshi-desktop", 1)
OWN = [one for one in all_standards() if one.purpose == "own"]
MARKED = {"back": "S3", "frame": "S3", "lens_glass": "S3"}


def told(standard, answers, language="en"):
    result = grade_data(standard, rules.grade(standard, answers))
    return result, {one["code"]: reason_words(standard, answers, one, language) for one in shown_reasons(result)}


def nothing(standard):
    return dict.fromkeys([check.code for check in standard.checks])


def good(standard, **changed):
    return {c.code: c.values[0].code if c.kind != "measure" else c.most for c in standard.checks} | changed


@pytest.mark.parametrize("standard", OWN, ids=lambda one: f"{one.id}-{one.version}")
def test_with_nothing_answered_nothing_is_told_as_found(app, standard):
    for language, words in (("en", "ot tested"), ("zh", "未检测")):
        _result, reasons = told(standard, nothing(standard), language)
        assert reasons and all(words in said for said in reasons.values()), reasons


@pytest.mark.parametrize("standard", OWN, ids=lambda one: f"{one.id}-{one.version}")
def test_what_somebody_saw_is_told_in_the_standards_own_words(standard):
    """The genuine twin: the worst answer to every check."""
    worst = {c.code: c.values[-1].code if c.kind != "measure" else c.least for c in standard.checks}
    result, reasons = told(standard, worst)
    assert reasons == {one["code"]: one["text"]["en"] for one in shown_reasons(result)} != {}


def test_marks_that_nobody_looked_for_and_marks_that_are_there():
    code, text = "many_visible_marks", "Visible marks or damage on all three of back, frame and camera glass; at best grade D"
    _result, none = told(PHONE, good(PHONE, **dict.fromkeys(MARKED)))
    assert none[code] == "Not tested, and so not counted as good: Back, Frame, Camera glass; at best grade D"
    _result, two = told(PHONE, good(PHONE, **MARKED | {"frame": None}))
    assert two[code] == f"{text}. Of these not tested, and counted with them: Frame"
    _result, all_three = told(PHONE, good(PHONE, **MARKED))
    assert all_three[code] == text


def test_what_is_signed_keeps_the_limit_and_the_standards_sentence():
    result, _words = told(PHONE, good(PHONE, **dict.fromkeys(MARKED)))
    caps = {one["code"]: (one["limit"], one["text"]["en"]) for one in result["caps"]}
    assert caps["many_visible_marks"][0] == "D" and caps["many_visible_marks"][1].startswith("Visible marks or damage on all three")
    assert result["untested"] == list(MARKED) and result["grade"] == "U"


def test_use_that_nobody_asked_about_is_not_told_as_used():
    assert unmade(DESKTOP, {"unused": None}, "unused_used") == Unmade(("unused",), True)
    assert unmade(DESKTOP, {"unused": "used"}, "unused_used") is None
    assert "Use: used" not in str(told(DESKTOP, nothing(DESKTOP))[1].values())
    assert unmade(DESKTOP, {}, "front_not_tested") is None, "its own sentence says so"


@pytest.mark.parametrize(("left", "there"), [(True, False), (False, True)])
def test_finish_page_report_and_paper_say_the_same(app, session, doing, alice, li, shop, all_wiped, left, there):
    """Nobody looked at clock battery, network and sound of Alice's desktop; in the twin they fail."""
    with doing(alice) as w:
        item_id = take_in(w, alice.id, Intake(card=get_card("desktop"), attributes={"brand": "Lenovo"})).id
    path = begun(li, item_id)
    faults = dict.fromkeys(("clock_battery", "network", "sound"), "" if left else "fails")
    said = {code: str(value) for code, value in good(DESKTOP).items()} | {"serial_matches": "self_built"} | faults
    client = li.client()
    assert client.post(path, data=said | {"what": "save"}).status_code == 303
    finish = client.get(f"{path}/finish").text
    assert client.post(path, data=said | {"what": "sign"}).status_code == 303
    session.rollback()
    made = session.get_one(Appraisal, path.split("/")[-1])
    text = next(one["text"]["en"] for one in made.result["reasons"] if one["code"] == "many_small_faults")
    paper = document(made, DESKTOP, session.get_one(Report, made.id), session.get_one(Item, item_id), "", "signed", "https://x", "en")
    instead = "Not tested, and so not counted as good: Clock battery"
    for page in (finish, client.get(f"/reports/{made.number}").text, str(paper.blocks)):
        assert (text in page) == there and (instead in page) == left
