"""What each reads of an appeal: on the report, its paper, its file, the listing, the appeal's page and the desks."""

import pytest
from sqlalchemy import event

from core import canonical
from core.i18n import say
from core.people.models import Organisation
from market.listings.states import LISTING
from privacy import verify
from tests import stories
from tests.market_stories import listed


def test_while_it_is_open_the_report_its_paper_and_the_listing_say_so(app, court, doing, alice, bob, li, wang, zhao, shop, anonymous):
    item = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    made_id = court.graded(li, alice, "A", item)
    listing = listed(doing, item, alice, title="X1", price=200000)
    court.appraisers("Mei")
    number = court.report(made_id).number

    def said():
        file = anonymous.get(f"/reports/{number}.json").json
        pages = anonymous.get(f"/reports/{number}").text, anonymous.get(f"/listings/{listing}").text
        return [*("Under appeal" in page for page in pages), "under_appeal_since" in file], file["state"]

    plain = len(anonymous.get(f"/reports/{number}.pdf?language=en").data)
    assert said() == ([False, False, False], "valid")
    appeal_id = court.appeal(alice, made_id)
    assert said() == ([True, True, True], "valid"), "a note beside the state, not a state"
    file = anonymous.get(f"/reports/{number}.json").json
    for changed, good in (({}, True), ({"under_appeal_since": "soon"}, False), ({"under_apeal": True}, False)):
        found = verify.examine(canonical.encode({**file, **changed}), None)
        assert next(one.ok for one in found.checks if one.code == "form") is good, changed
    stands = {one.code: one.detail for one in verify.examine(canonical.encode(file), None).checks}["stands"]
    assert stands == f"valid; under appeal since {file['under_appeal_since']}", "who reads the file alone is told as well"
    assert "申诉中" in li.client(language="zh").get(f"/reports/{number}").text
    assert len(anonymous.get(f"/reports/{number}.pdf?language=en").data) > plain
    assert f"/appeals/{appeal_id}" in alice.client().get(f"/reports/{number}").text
    assert f"/appeals/{appeal_id}" not in bob.client().get(f"/reports/{number}").text
    assert f"/reports/{number}/appeal" not in alice.client().get(f"/reports/{number}").text, "one open appeal a report"
    court.give(court.seats(appeal_id)[0], "A")
    court.later(8)
    assert said() == ([False, False, False], "valid")


def test_all_sides_read_what_comes_next_and_until_when(court, people, alice, bob, li, root, ines, shop, anonymous):
    manager = people.person("Mu")
    people.give_role(manager, "shop_manager", shop)
    made_id = court.graded(li, alice, "A")
    (mei,) = court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    path = f"/appeals/{appeal_id}"
    for person in (alice, li, manager, root, ines):
        page = person.client().get(path)
        assert page.status_code == 200 and "屏幕没有划痕" in page.text and "at the latest" in page.text and "Mei鉴定所" in page.text
        assert ">Mei<" not in page.text and "Alice" not in page.text.split("<main")[1], "people are numbers here"
    assert bob.client().get(path).status_code == 403 == mei.client().get(path).status_code
    assert anonymous.get(path).status_code in (302, 303, 401)
    for person in (alice, li, manager):
        assert "There is an appeal against the appraisal" in person.client().get("/inbox").text
    assert "Take the appeal back" in alice.client().get(path).text and "Take the appeal back" not in li.client().get(path).text
    court.give(court.seats(appeal_id)[0], "C")
    for person in (alice, li, manager):
        assert "Ask for a panel" in person.client().get(path).text
    for person in (root, ines):
        assert "Ask for a panel" not in person.client().get(path).text


def test_the_desks_show_to_each_what_is_theirs(court, alice, bob, li, root, ines):
    made_id = court.graded(li, alice, "A")
    (mei,) = court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    seat = court.seats(appeal_id)[0]
    for person in (alice, li, root, ines):
        assert f"/appeals/{appeal_id}" in person.client().get("/appeals").text
    for person in (bob, mei):
        assert f"/appeals/{appeal_id}" not in person.client().get("/appeals").text
    assert f"/appraisals/{seat.appraisal_id}" in mei.client().get("/appeals").text
    assert say("To be graded anew in an appeal", "en") in mei.client().get("/me").text
    assert "grade it anew in an appeal" in mei.client().get("/inbox").text


def test_who_answers_for_the_agency_finds_its_appeals_on_the_desk_and_no_other(court, people, alice, li, shop):
    manager, elsewhere = people.person("Mu"), people.person("Wei")
    people.give_role(manager, "shop_manager", shop)
    people.give_role(elsewhere, "shop_manager", people.organisation("别家", "shop"))
    appeal_id = court.appeal(alice, court.graded(li, alice, "A"))
    assert f"/appeals/{appeal_id}" in manager.client().get("/appeals").text
    assert f"/appeals/{appeal_id}" not in elsewhere.client().get("/appeals").text


def test_the_desks_ask_no_more_of_the_database_the_more_there_is(court, database, alice, li, root):
    (mei,) = court.appraisers("Mei")
    asked = []

    def looks(person):
        client = person.client()
        client.get("/appeals")
        asked.clear()
        assert client.get("/appeals").status_code == 200
        return len([one for one in asked if "appraisals" in one or "items" in one])

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(database.engine, "after_cursor_execute", note)
    try:
        found = []
        for n in range(3):
            court.appeal(alice, court.graded(li, alice, "A", serial=f"PF9AP00{n}"))
            found.append([looks(person) for person in (alice, mei, root)])
    finally:
        event.remove(database.engine, "after_cursor_execute", note)
    assert found[0] == found[1] == found[2], found
    assert len(court.seat_rows()) == 3


def test_who_gives_an_appeal_back_without_a_reason_reads_it_at_the_field_and_with_one_hands_it_on(court, alice, li):
    made_id = court.graded(li, alice, "A")
    court.appraisers("Mei", "Nan")
    appeal_id = court.appeal(alice, made_id)
    seat = court.seats(appeal_id)[0]
    drawn, path = court.people_of(seat.account_id), f"/appraisals/{seat.appraisal_id}"
    for language, words, button, blamed, wrong_words in (
        ("en", "Somebody else is then drawn to grade it anew", "I give it back", "Say why.", ("Give it back", "A blind grade")),
        ("zh", "由他人重新定级", "退回", "请说明", ("取消预约", "盲检")),
    ):  # fmt: skip
        client = drawn.client(language=language)
        shown, finish = (client.get(one).text.split("<main")[1].split("</main>")[0] for one in (path, f"{path}/finish"))
        assert words in shown and button in shown and "error-summary" not in shown
        assert not [word for word in wrong_words if word in shown or word in finish], "an appeal is no blind look, and no booking"
        for typed in ("", "  "):
            answer = client.post(f"{path}/return", data={"reason": typed})
            assert answer.status_code == 422 and words in answer.text
            field = answer.text.split('id="return-reason-error"')[1].split("</p>")[0]
            assert blamed in field and 'class="flow" open' in answer.text
    assert [one.account_id for one in court.seats(appeal_id)] == [drawn.id]
    assert drawn.client().post(f"{path}/return", data={"reason": "够不着"}).status_code == 303
    assert [one.account_id for one in court.seats(appeal_id)] != [drawn.id]


def test_an_appeal_taken_back_is_told_as_that_and_not_as_a_listing_off_the_market(court, doing, app, alice, li, wang, zhao, shop):
    made_id = court.graded(li, alice, "A", stories.wiped_laptop(app, doing, alice, wang, zhao, shop))
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    client = alice.client(language="zh")
    assert client.post(f"/appeals/{appeal_id}/withdraw").status_code == 303
    for path in ("/appeals", f"/appeals/{appeal_id}"):
        page = client.get(path).text
        assert "已撤回" in page and "已下架" not in page, path
    assert "Taken back" in alice.client().get(f"/appeals/{appeal_id}").text
    assert say(LISTING["withdrawn"].label, "zh") == "已下架"


@pytest.mark.parametrize(
    ("second", "word", "zh"), [("A", "The grade was overturned", "原等级被推翻"), ("C", "The grade stands", "原等级维持")]
)
def test_a_better_grade_in_the_end_isnt_told_as_a_fall(court, alice, li, second, word, zh):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    court.give(court.seats(appeal_id)[0], second)
    court.later(8)
    for person, language, expected in ((alice, "en", word), (li, "zh", zh)):
        page = person.client(language=language).get(f"/appeals/{appeal_id}").text.split("<main")[1]
        assert expected in page and "fell" not in page
        assert "grade fell" not in person.client(language=language).get("/inbox").text
    told = alice.client().get("/inbox").text
    assert ("the first grade was overturned. The outcome is A" in told) == (second == "A")


def test_where_to_bring_it_has_the_address_that_is_on_file(court, people, doing, alice, li):
    made_id = court.graded(li, alice, "A")
    there = people.organisation("之江数码检测", "agency")
    with doing(alice) as w:
        w.session.get_one(Organisation, there).address = "文三路90号3楼"
    court.appraisers("Mei", org=there)
    appeal_id = court.appeal(alice, made_id)
    for language, words in (("en", "is to be brought to: 之江数码检测 · Xihu · 文三路90号3楼."), ("zh", "之江数码检测 · 西湖区 · 文三路90号3楼")):
        assert words in alice.client(language=language).get(f"/appeals/{appeal_id}").text
    court.session.rollback()
    with doing(alice) as w:
        w.session.get_one(Organisation, there).address = ""
    assert "之江数码检测 · 西湖区。" in alice.client(language="zh").get(f"/appeals/{appeal_id}").text


def test_all_that_an_appeal_lacks_is_said_at_once_and_what_was_written_stays(court, alice, li):
    number = court.report(court.graded(li, alice, "A")).number
    court.appraisers("Mei")
    path = f"/reports/{number}/appeal"
    for said in ("", "  "):
        for checks in ({}, {"checks": ["nonsense"]}):
            page = alice.client(language="zh").post(path, data={"words": said, **checks, "once": "k"})
            assert page.status_code == 422, (said, checks)
            assert 'id="words-error"' in page.text and 'id="checks-error"' in page.text and "请选择您有异议的检测项" in page.text
    half = alice.client().post(path, data={"words": "屏幕没有划痕", "once": "k"})
    assert half.status_code == 422 and 'id="words-error"' not in half.text and "屏幕没有划痕" in half.text
    half = alice.client().post(path, data={"words": " ", "checks": ["lid"], "once": "k"})
    assert half.status_code == 422 and 'id="checks-error"' not in half.text and 'value="lid" checked' in half.text
    assert alice.client().post(path, data={"words": "屏幕没有划痕", "checks": ["lid"], "once": "k"}).status_code == 303


def test_what_a_person_said_is_in_their_export(court, alice, bob, li):
    from core import ports

    made_id = court.graded(li, alice, "A")
    mei, nan = court.appraisers("Mei", "Nan")
    appeal_id = court.appeal(alice, made_id)
    seat = court.seats(appeal_id)[0]
    first, second = (mei, nan) if seat.account_id == mei.id else (nan, mei)
    assert first.client().post(f"/appraisals/{seat.appraisal_id}/return", data={"reason": "认识卖家"}).status_code == 303
    court.give(court.seats(appeal_id)[0], "A")
    court.ask_panel(li, appeal_id)

    def told(person):
        data = ports.providers("personal_data")["appraisal"](court.session, person.id)
        made, asked, drawn = (data[f"appraisal_{what}"] for what in ("appeals_made", "panels_asked_for", "appeals_drawn_for"))
        return [one["words"] for one in made], [one["words"] for one in asked], [(one["why"], one["words"]) for one in drawn]

    assert told(alice) == (["屏幕没有划痕"], [], []) and told(li) == ([], ["请三人再看"], []) and told(bob) == ([], [], [])
    assert told(first) == ([], [], [("returned", "认识卖家")]) and told(second) == ([], [], [("given", "")])
