"""Li reads Alice's phone in two places: what agrees, what differs, what nobody read, and whose word a clear number is."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from appraisal.grades.guide_models import CheckAnswer
from appraisal.grades.models import Appraisal, Report
from appraisal.identity import queries, type_codes
from appraisal.identity.models import NumberReading, OwnLook
from appraisal.standards.loader import get_standard
from core import clock
from core.audit import AuditLine
from core.csv_files import BadFile
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from tests.appraisal.grades.test_appraisal_pages import begun
from tests.appraisal_stories import photographed

PHONE = get_standard("xunshi-phone", 1)
# four numbers with a right check digit, of two type codes
ONE, TWO, THREE, OTHER = "352099001761481", "352099001761499", "490154203237518", "490154203237526"


def best(**changed):
    good = {check.code: check.values[0].code if check.kind != "measure" else "99" for check in PHONE.checks}
    return good | changed


@pytest.fixture(autouse=True)
def wiped(all_wiped):
    """The stories are about numbers."""


@pytest.fixture
def phone(doing, alice, li, shop):
    with doing(alice) as w:
        given = Intake(card=get_card("phone"), attributes={"brand": "Apple", "model": "iPhone 12"}, identifiers={"imei": [ONE, TWO]})
        return take_in(w, alice.id, given).id


@pytest.fixture
def path(li, phone):
    found = begun(li, phone, photos=False)
    photographed(li.client(), found, numbers=False)
    return found


def row(session, path):
    session.rollback()
    return session.get_one(Appraisal, path.split("/")[-1])


def read(li, path, what="next", **typed):
    return li.client().post(f"{path}/checks/imei_matches", data={"what": what, **typed})


def looked(li, path, day=None, **changed):
    today = clock.local(clock.now()).date()
    told = {"blacklist": "clear", "how": "carrier_page", "looked_on": (day or today).isoformat(), "what": "next"}
    return li.client().post(f"{path}/checks/blacklist", data=told | changed)


def signed(li, path, **changed):
    return li.client().post(path, data={**best(**changed), "what": "sign"})


def test_two_places_that_agree_answer_the_check_and_the_report_says_where(session, li, path, anonymous):
    assert read(li, path, dial_pad_1=ONE, dial_pad_2=TWO).location.endswith("/checks/imei_matches"), "one place is not certain"
    assert row(session, path).answers.get("imei_matches") is None
    page = li.client().get(f"{path}/checks/imei_matches").text
    assert "Read in fewer than two places" in page and "35209900176****" in page and ONE not in page and TWO not in page
    done = read(li, path, card_tray_1="35 209900 176148 1", box_why="not_brought")
    assert done.status_code == 303 and not done.location.endswith("imei_matches")
    assert row(session, path).answers["imei_matches"] == "match"
    assert looked(li, path).status_code == 303
    assert signed(li, path).status_code == 303
    made = row(session, path)
    body = json.loads(session.get_one(Report, made.id).body)
    told = body["identity"]
    assert made.state == "signed" and (told["state"], told["registered"], told["read"]) == ("agree", "agree", ["card_tray", "dial_pad"])
    assert told["unread"] == [{"place": "box", "why": "not_brought"}] and told["own_look"]["how"] == "carrier_page"
    assert told["lists"]["states"] == {"stolen": "unknown", "blocked": "unknown"}, "no list was loaded"
    for language, words in (("en", ("The numbers agree", "Card tray", "No such service is connected", "Looked up by the appraiser")),
                            ("zh", ("号码一致", "卡托", "未接入", "鉴定评估师自行查询"))):
        shown = li.client(language=language).get(f"/reports/{made.number}").text
        assert all(one in shown for one in words), (language, [one for one in words if one not in shown])
    paper = anonymous.get(f"/reports/{made.number}.pdf?language=en")
    assert paper.status_code == 200


def test_no_number_stands_anywhere_in_clear(session, li, path):
    read(li, path, dial_pad_1=ONE, dial_pad_2=TWO, card_tray_1=ONE)
    looked(li, path)
    signed(li, path)
    kept = " ".join(str((one.numbers, one.place)) for one in session.scalars(select(NumberReading)))
    logged = " ".join(str(one.facts) for one in session.scalars(select(AuditLine)))
    body = session.get_one(Report, row(session, path).id).body
    for number in (ONE, TWO):
        for there in (kept, logged, body):
            assert number not in there and number[-4:] not in there.replace("***", "")


def test_a_number_that_differs_refuses_whatever_is_ticked(session, li, path):
    first = read(li, path, dial_pad_1=ONE, dial_pad_2=TWO, box_1=THREE)
    assert first.location.endswith("/checks/imei_matches"), "it stays once, for a slip"
    assert "The numbers differ" in li.client().get(first.location).text
    assert read(li, path).location != first.location, "pressed again it goes on"
    looked(li, path)
    assert "The numbers differ" in li.client().get(f"{path}/finish").text
    assert signed(li, path, imei_matches="match").status_code == 303
    made = row(session, path)
    assert (made.grade, made.answers["imei_matches"]) == ("reject", "mismatch")


def chips(page):
    """The tone of each place's chip on the page, by the place."""
    return dict(re.findall(r'<summary><b>([^<]+)</b>.*?badge-?\w* tone-(\w+)', page))


@pytest.mark.parametrize(("language", "words", "box", "dial"), [
    ("en", ("isn&#39;t what stands elsewhere or is registered: Box.", "the grade is refused"), "Box", "Dial pad, *#06#"),
    ("zh", ("与别处或登记的不一致：包装盒。", "不予定级"), "包装盒", "拨号盘 *#06#"),
])  # fmt: skip
def test_places_that_differ_are_named_before_one_goes_on(li, path, language, words, box, dial):
    read(li, path, dial_pad_1=ONE, dial_pad_2=TWO, box_1=THREE)
    page = li.client(language=language).get(f"{path}/checks/imei_matches").text
    assert all(one in page for one in words), words
    assert (chips(page)[box], chips(page)[dial]) == ("bad", "good")
    read(li, path, box_1=TWO)
    page = li.client(language=language).get(f"{path}/checks/imei_matches").text
    assert not any(one in page for one in words), "the genuine twin: they agree"
    assert (chips(page)[box], chips(page)[dial]) == ("good", "good")


def test_the_screen_says_what_can_be_done_on_it(li, path):
    for language, there, gone in (("en", "say of a place that has none why", "only in the system"), ("zh", "在该处选原因", "只有系统中可读")):
        for page in (f"{path}/checks/imei_matches", f"{path}/list"):
            shown = li.client(language=language).get(page).text
            assert there in shown and gone not in shown, (language, page)


@pytest.mark.parametrize(("typed", "en", "zh"), [
    ("😀", "This is no number", "这不是号码"), ("1234567890" * 50, "An IMEI has 15 digits", "15"),
    ("ABCDEFG", "An IMEI has digits only", "只有数字"), (f"{ONE[:-1]}2", "one digit of this IMEI is mistyped", "有一位输错了"),
])  # fmt: skip
def test_why_what_was_typed_is_no_number(session, li, path, typed, en, zh):
    for language, words, wrong in (("en", en, "what makers leave in"), ("zh", zh, "默认内容")):
        client = li.client(language=language)
        no = client.post(f"{path}/checks/imei_matches", data={"what": "next", "dial_pad_1": typed})
        assert no.status_code == 422 and words in no.text and wrong not in no.text
    filler = li.client().post(f"{path}/checks/imei_matches", data={"what": "next", "dial_pad_1": "000000000000000"})
    assert filler.status_code == 422 and "what makers leave in" in filler.text, "a filler is still told as one"
    assert read(li, path, dial_pad_1=ONE).status_code == 303


def test_a_slip_is_typed_anew_and_then_it_agrees(session, li, path):
    """The genuine twin: the newest reading of a place counts, the one before stays on record."""
    read(li, path, dial_pad_1=ONE, dial_pad_2=TWO, box_1=THREE)
    read(li, path, box_1=TWO)
    looked(li, path)
    assert row(session, path).answers["imei_matches"] == "match"
    assert signed(li, path).status_code == 303 and row(session, path).grade not in ("reject", "U")
    assert len(session.scalars(select(NumberReading).where(NumberReading.place == "box")).all()) == 2


def test_a_phone_that_isnt_the_registered_one(session, li, path):
    read(li, path, dial_pad_1=THREE, card_tray_1=THREE)
    looked(li, path)
    signed(li, path)
    made = row(session, path)
    assert made.grade == "reject" and made.result["identity"]["registered"] == "differ"


def test_what_nobody_read_cant_be_signed_as_read(session, li, path):
    looked(li, path)
    no = signed(li, path)
    assert no.status_code == 422 and "The answer comes from the numbers" in no.text and row(session, path).state == "draft"
    assert signed(li, path, imei_matches="").status_code == 303, "not tested may be said"
    assert row(session, path).grade == "U"


def test_one_place_alone_is_not_tested(session, li, path):
    """Its twin: system alone, twice, is what the standard calls “only in the system”."""
    told = {f"{one}_why": "unreadable" for one in ("card_tray", "body")} | {f"{one}_why": "not_brought" for one in ("box", "receipt")}
    assert read(li, path, dial_pad_1=ONE, settings_why="no_power", **told).location.endswith("imei_matches")
    assert row(session, path).answers.get("imei_matches") is None
    no = read(li, path)
    assert no.status_code == 422 and "second place" in no.text
    assert read(li, path, settings_1=ONE, settings_2=TWO).status_code == 303
    assert row(session, path).answers["imei_matches"] == "system_only"


@pytest.mark.parametrize(("typed", "field", "said"), [
    ({"dial_pad_1": "352099001761482"}, "dial_pad_1", "last digit"),
    ({"dial_pad_1": "35209900176"}, "dial_pad_1", "15"),
    ({"dial_pad_1": "000000000000000"}, "dial_pad_1", ""),
    ({"dial_pad_1": "📱📱📱"}, "dial_pad_1", ""),
    ({"dial_pad_1": ONE, "dial_pad_2": "35-209900-176148-1"}, "dial_pad_2", "same number"),
    ({"box_1": ONE, "box_why": "not_brought"}, "box_why", "Either a number"),
    ({"box_why": "because"}, "box_why", "Either a number"),
    ({}, "dial_pad_1", "two places"),
])  # fmt: skip
def test_what_is_mistyped_is_said_at_its_field(session, li, path, typed, field, said):
    no = read(li, path, **typed)
    assert no.status_code == 422 and f'id="{field}-error"' in no.text
    assert said in no.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert session.scalars(select(NumberReading)).first() is None


def test_tampering_is_a_finding_not_a_slip(session, li, path):
    read(li, path, dial_pad_1=ONE, settings_1=ONE, body_why="invalid")
    looked(li, path)
    signed(li, path)
    assert row(session, path).grade == "reject"


def test_a_clear_number_is_somebodys_word(session, li, path):
    """Nobody can say “clear” without saying where they looked; with it the report names whose word it is."""
    read(li, path, dial_pad_1=ONE, card_tray_1=ONE)
    no = li.client().post(f"{path}/checks/blacklist", data={"blacklist": "clear", "what": "next"})
    assert no.status_code == 422 and 'id="how-error"' in no.text
    assert signed(li, path).status_code == 422 and row(session, path).state == "draft"
    far = clock.local(clock.now()).date() - timedelta(days=8)
    for odd in ({"how": "my cousin"}, {"looked_on": "yesterday"}, {"looked_on": far.isoformat()}, {"looked_on": "2030-01-01"}):
        no = looked(li, path, **odd)
        assert no.status_code == 422 and f'id="{next(iter(odd))}-error"' in no.text
    assert looked(li, path).status_code == 303 and signed(li, path).status_code == 303
    assert session.scalars(select(OwnLook)).one().how == "carrier_page"


def test_no_answer_needs_no_word_and_is_no_grade(session, li, path):
    read(li, path, dial_pad_1=ONE, card_tray_1=ONE)
    assert li.client().post(f"{path}/checks/blacklist", data={"blacklist": "unknown", "what": "next"}).status_code == 303
    assert signed(li, path, blacklist="unknown").status_code == 303 and row(session, path).grade == "U"


def test_the_operators_type_codes(session, doing, li, path):
    with doing() as w:
        type_codes.load(w, b"TAC,brand,model\n35209900,Apple,iPhone 12\n49015420,Apple,iPhone 13\n", "our own")
    read(li, path, dial_pad_1=ONE, dial_pad_2=TWO)
    assert "belongs to this model" in li.client().get(f"{path}/checks/imei_matches").text
    read(li, path, dial_pad_1=THREE)
    assert "belongs to another model" in li.client().get(f"{path}/checks/imei_matches").text
    for bad in (b"tac,brand\n", b"TAC,brand,model\n3520,Apple,x\n", b"TAC,brand,model\n35209900,Apple,x\n35209900,Apple,y\n", b"",
                b"TAC,brand,model\n", b"\x00", b'TAC,brand,model\n35209900,Apple,"' + b"x" * 200_000):
        with pytest.raises(BadFile), doing() as w:
            type_codes.load(w, bad, "our own")


def test_the_table_that_was_loaded_last_counts_and_the_same_file_changes_nothing(session, doing):
    tables = [f"TAC,brand,model\n35209900,Apple,{model}\n".encode() for model in ("iPhone 11", "iPhone 12")]
    known = []
    for table in (*tables, tables[0]):
        with doing() as w:
            new = type_codes.load(w, table, "our own").new
        known.append((new, queries.find_model(session, "35209900")[1]))
        session.rollback()
    assert known == [(True, "iPhone 11"), (True, "iPhone 12"), (False, "iPhone 12")]


def test_a_number_that_no_table_knows_is_unknown(li, path):
    read(li, path, dial_pad_1=ONE)
    assert "isn't known here" in li.client().get(f"{path}/checks/imei_matches").text.replace("&#39;", "'")


def test_what_was_read_stays(session, li, path):
    read(li, path, dial_pad_1=ONE, card_tray_1=ONE)
    looked(li, path)
    signed(li, path)
    for verb in ("UPDATE number_readings SET why_not = 'filler'", "DELETE FROM number_readings", "DELETE FROM number_own_looks"):
        with pytest.raises(IntegrityError):
            session.execute(text(verb))
        session.rollback()
    made = row(session, path)
    late = NumberReading(id="0" * 26, appraisal_id=made.id, place="box", numbers=[], why_not="filler", said_by=li.id, at=clock.now())
    session.add(late)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_only_its_appraiser_reads(session, people, alice, path):
    for person in (alice, people.person("Dora")):
        assert person.client().get(f"{path}/checks/imei_matches").status_code in (403, 404)
        assert read(person, path, dial_pad_1=ONE).status_code in (403, 404)
    assert session.scalars(select(NumberReading)).first() is None


def test_answers_are_the_appraisers_own(session, li, path):
    read(li, path, dial_pad_1=ONE, card_tray_1=ONE)
    said = session.scalars(select(CheckAnswer).where(CheckAnswer.check_code == "imei_matches")).one()
    assert (said.answer, said.said_by) == ("match", li.id)
