"""The draft's pages with everything that people type: kept where it can stand, said at its field where it can't."""

import io
import re

import pytest

from appraisal.standards.loader import body_of, get_standard
from appraisal.versions.fit_rules import MOST_BYTES
from appraisal.versions.toml_text import write
from appraisal.versions.views.common import raw_of
from core.queue.models import QueueEntry

WHY = {"why": "why"}
YES = {"decision": "approve", "reason": "looked at"}


@pytest.fixture
def path(desk, mei):
    """Mei's draft of the phones' standard."""
    return desk.draft(mei)


@pytest.fixture
def send(desk, mei, path):
    """Type something into a check's page; the answer."""

    def send(code, **typed):
        return mei.client().post(f"{path}/checks/{code}", data=desk.check_form(code, **typed))

    return send


def field_error(page, name):
    found = re.search(rf'id="{re.escape(name)}-error".*?<span>(.*?)</span>', page.text, re.S)
    return found[1] if found else ""


def test_only_editors_see_drafts_and_only_its_drafter_changes_one(people, desk, mei, song, path, alice, li, root, ines, anonymous):
    for person in (alice, li, ines):
        assert person.client().get(path).status_code == 403
        assert person.client().post("/standards/xunshi-laptop/draft").status_code == 403
    assert anonymous.get(path).status_code == 303 and anonymous.post("/standards/xunshi-laptop/draft").status_code in (303, 401)
    assert song.client(factor=False).get(path).status_code == 303, "the role waits for the second factor"
    for person in (song, root):
        page = person.client().get(path)
        assert page.status_code == 200 and "/checks/" not in page.text and "Hand it in" not in page.text
        assert person.client().get(f"{path}/text").status_code == 403
        assert person.client().post(f"{path}/text", data={"body": "x"}).status_code == 403
        assert person.client().post(f"{path}/hand-in", data=WHY).status_code == 403
    assert mei.client().get(f"{path}/text").status_code == 200


def test_published_schemes_are_not_drafted(mei, anonymous):
    for scheme in ("tradex", "gbt-45656-2025", "nothing"):
        assert mei.client().post(f"/standards/{scheme}/draft").status_code == 404
    page = anonymous.get("/standards").text
    assert "/standards/tradex/1" in page and "Draft a new version" not in page
    assert "Draft a new version" in mei.client().get("/standards").text


def test_a_draft_is_begun_once_and_found_again(desk, mei, song, path):
    assert path == "/standards/xunshi-phone/2/draft" == desk.draft(mei) == desk.draft(song)
    assert "To the draft" in mei.client().get("/standards").text
    page = mei.client().get(path).text
    assert "In force from: 2026-11-30" in page and "Holds" in page and "Broken" not in page
    answer = mei.client().post(f"{path}/hand-in", data=WHY)
    assert answer.status_code == 409 and "nothing to approve" in answer.text, "only its day differs"


def test_limits_gates_disclosures_and_words_are_typed_and_kept(desk, mei, path, send):
    assert send("touch", **{"answers-1-effect": "limit:C", "answers-2-effect": "gate", "answers-3-effect": "gate", "name_en": "Touch screen"}).status_code == 303
    touch = desk.standard().find_check("touch")
    assert [v.outcome and (v.outcome.gate, v.outcome.limit) for v in touch.values] == [None, (False, "C"), (True, None), (True, None)]
    assert touch.name.en == "Touch screen" and touch.required
    page = mei.client().get(path).text
    assert "→ at best C; a buyer must be told" in page and "Not accepted; a buyer must be told" in page
    assert send("bluetooth", untested="required").status_code == 303 and desk.standard().find_check("bluetooth").required
    assert send("bluetooth", untested="when_missing").status_code == 303
    assert desk.standard().find_check("bluetooth").when_missing == "fails"


def test_an_answer_comes_and_goes_in_its_place(desk, send):
    new = {"answers-4-code": "slow", "answers-4-zh": "反应慢", "answers-4-en": "slow", "answers-4-effect": "limit:C", "answers-4-after": "works"}
    assert send("touch", **new).status_code == 303
    assert [value.code for value in desk.standard().find_check("touch").values] == ["works", "slow", "partly", "fails", "cant_try"]
    assert send("touch", **{"answers-2-remove": "y"}).status_code == 303
    assert [value.code for value in desk.standard().find_check("touch").values] == ["works", "slow", "fails", "cant_try"]


@pytest.mark.parametrize(("code", "typed", "field", "says"), [
    ("touch", {"answers-1-effect": "limit:R", "answers-2-effect": "limit:D"}, "answers", "never get better"),
    ("touch", {"answers-0-effect": "limit:D"}, "answers", "must begin with none"),
    ("touch", {"answers-1-effect": "limit:Q"}, "answers", "must be one of"),
    ("bluetooth", {"untested": "limit:S"}, "untested", "must not be better"),
    ("bluetooth", {"untested": "optional"}, "untested", "no effect on the grade"),
    ("touch", {"name_en": "  "}, "name_en", "Both languages are needed"), ("touch", {"question_zh": ""}, "question_zh", "Both languages"),
    ("touch", {"answers-1-en": ""}, "answers-1-en", "Both languages"), ("touch", {"area": "moon"}, "area", "must be one of"),
    ("touch", {"photo": "moon"}, "photo", "must be one of"),
    ("battery_health", {"bands-2-bound": "85 %"}, "bands-2-bound", "plain number"), ("battery_health", {"least": "0.5"}, "least", "plain number"),
    ("battery_health", {"bands-2-bound": "NaN"}, "bands-2-bound", "plain number"), ("battery_health", {"bands-2-bound": "1e9"}, "bands-2-bound", "plain"),
    ("battery_health", {"bands-2-bound": "95"}, "bands", "must fall from band to band"), ("battery_health", {"most": "60"}, "bands", "within least"),
    ("battery_health", {"bands-3-effect": "limit:S"}, "bands", "must begin with none"), ("battery_health", {"unit": "percent of the design"}, "unit", "at most 20"),
    ("touch", {"answers-4-code": "😀", "answers-4-zh": "笑", "answers-4-en": "laugh", "answers-4-effect": "limit:R"}, "answers", "a-z"),
    ("touch", {"answers-4-zh": "无码", "answers-4-en": "no code"}, "answers-4-code", "Give the new answer a code"),
])  # fmt: skip
def test_what_cannot_stand_is_said_at_its_field_and_nothing_is_lost(desk, mei, send, code, typed, field, says):
    before = desk.row().digest
    answer = send(code, **typed)
    assert answer.status_code == 422 and desk.row().digest == before
    if says:
        assert says in (field_error(answer, field) or answer.text.split('class="notice tone-bad')[1])
    assert 'class="notice tone-bad' in answer.text
    shown = next(iter(typed.values()))
    assert not shown.strip() or "effect" in next(iter(typed)) or next(iter(typed)) in ("untested", "area", "photo") or shown in answer.text


def test_a_number_in_other_digits_and_with_a_point_is_read(desk, send):
    assert send("battery_health", **{"bands-2-bound": "８７"}).status_code == 303
    assert send("battery_health", **{"bands-2-bound": "87.5"}).status_code == 303
    assert str(desk.standard().find_check("battery_health").bands[2].bound) == "87.5"
    more = {"bands-4-bound": "70", "bands-4-op": "below", "bands-4-effect": "limit:D"}
    assert send("battery_health", **more).status_code == 422, "leaving it out (C) would be better than 69 %"
    assert send("battery_health", **more, untested="limit:D").status_code == 303


def test_the_error_is_in_the_readers_language(desk, mei, path):
    form = desk.check_form("touch", **{"answers-0-effect": "limit:D"})
    answer = mei.client(language="zh").post(f"{path}/checks/touch", data=form)
    assert "第一个回答不能有上限" in answer.text


def new_check(**typed):
    both = {f"{name}_{language}": f"{name} {language}" for name in ("name", "question", "help", "good", "bad") for language in ("zh", "en")}
    return {"code": "stylus", "area": "controls", "axis": "function", "kind": "choice", "limit": "C", **both} | typed


def test_a_check_is_added_counted_and_taken_out(desk, mei, path):
    assert mei.client().post(f"{path}/new-check", data=new_check()).location.endswith("/checks/stylus")
    assert desk.standard().find_check("stylus").values[1].outcome.limit == "C"
    number = {"code": "cycles", "kind": "measure", "unit": "", "least": "0", "most": "5000", "bound": "10", "limit": "C"}
    assert mei.client().post(f"{path}/new-check", data=new_check(**number)).status_code == 303
    count = {"code": "two_bad", "axis": "function", "checks": ["stylus", "touch"], "many": "2", "at": "bad", "limit": "D", "zh": "至多{limit}", "en": "{limit}"}
    wrong = mei.client().post(f"{path}/new-count", data=count)
    assert wrong.status_code == 422 and "answer of every check" in wrong.text
    assert mei.client().post(f"{path}/new-count", data=count | {"checks": ["microphone", "bluetooth"], "at": "fails"}).status_code == 303
    assert "Counted together" in mei.client().get(path).text
    changed = count | {"checks": ["microphone", "bluetooth", "sensors"], "at": "fails", "many": "3"}
    assert mei.client().post(f"{path}/counts/two_bad", data=changed).status_code == 303
    assert desk.standard().counts[-1].many == 3
    assert mei.client().post(f"{path}/checks/sensors", data={"what": "remove"}).status_code == 422, "three can't be counted of two"
    assert mei.client().post(f"{path}/counts/two_bad", data={"what": "remove"}).status_code == 303
    assert mei.client().post(f"{path}/checks/stylus", data={"what": "remove"}).status_code == 303
    assert desk.standard().find_check("stylus") is None and mei.client().get(f"{path}/checks/stylus").status_code == 404


@pytest.mark.parametrize(("typed", "field"), [
    ({"code": "touch"}, ""), ({"code": "Stylus!"}, "code"), ({"code": ""}, "code"), ({"name_zh": ""}, "name_zh"), ({"bad_en": " "}, "bad_en"),
    ({"area": "moon"}, "area"), ({"kind": "measure", "least": "a"}, "bound"), ({"limit": "Q"}, ""), ({"name_zh": "长" * 700}, ""),
])  # fmt: skip
def test_a_new_check_that_cannot_stand_is_said(desk, mei, path, typed, field):
    before = desk.row().digest
    answer = mei.client().post(f"{path}/new-check", data=new_check(**typed))
    assert answer.status_code == 422 and desk.row().digest == before
    assert (field_error(answer, field) if field else 'role="alert"' in answer.text)


def test_names_day_sources_and_the_words_of_grades(desk, mei, path):
    row, client = desk.row(), mei.client()
    typed = {"effective_from": row.effective_from, "names_zh": "手机细则", "names_en": "Phones", "source_zh": "新来源", "source_en": "new", "known": "read"}
    grades = [*desk.standard().scale, desk.standard().undetermined, desk.standard().refused]
    for n, one in enumerate(grades):
        typed |= {f"grades-{n}-name_zh": one.name.zh, f"grades-{n}-name_en": one.name.en, f"grades-{n}-meaning_zh": f"新{n}", f"grades-{n}-meaning_en": f"new {n}"}
    assert client.post(f"{path}/head", data=typed).status_code == 303
    found = desk.standard()
    assert found.names.en == "Phones" and found.sources[-1].en == "new" and found.find_grade("B").meaning.en == "new 3"
    for day in ("tomorrow", "2026-02-30", "", "😀"):
        answer = client.post(f"{path}/head", data=typed | {"effective_from": day})
        assert answer.status_code == 422 and field_error(answer, "effective_from")
    assert client.post(f"{path}/head", data=typed | {"grades-3-name_en": ""}).status_code == 422
    assert client.post(f"{path}/head", data={k: v for k, v in typed.items() if not k.startswith("grades-8")}).status_code == 422


def text(desk):
    return desk.row().body


@pytest.mark.parametrize(("change", "says"), [
    (lambda body: "", "Paste the whole text"), (lambda body: "😀" * 100, "can&#39;t be read as TOML"), (lambda body: body[:2000], "TOML"),
    (lambda body: "x" * 1_000_000, "larger than"), (lambda body: "a = 1\n" * 60_000, "larger than"), (lambda body: body + "#" * 5_000, "longer than"),
    (lambda body: "x = " + "[" * 3_000, "TOML"), (lambda body: "\n".join(["x = ["] + ["["] * 9_000), "TOML"),
    (lambda body: ".".join(["a"] * 1_900) + " = 1\n" + body, "is not a key"), (lambda body: "n = 0x" + "f" * 3_900 + "\n" + body, "is not a key"),
    (lambda body: body.replace("version = 2", "version = 0x" + "f" * 3_900), "whole number"), (lambda body: body.replace("version = 2", "version = " + "9" * 3_000), "whole number"),
    (lambda body: body.replace("version = 2", "version = 2.5"), "whole number"), (lambda body: body.replace("version = 2", "version = 1979-05-27"), "whole number"),
    (lambda body: body.replace("version = 2", "version = 3"), "name"), (lambda body: body.replace('id = "xunshi-phone"', 'id = "xunshi-laptop"'), "name"),
    (lambda body: body.replace('en = "Touch"', 'english = "Touch"', 1), "is missing"), (lambda body: body.replace('en = "Touch"', 'en = ""', 1), "neither empty"),
    (lambda body: body.replace('en = "Touch"', "en = nan", 1), "must be text"), (lambda body: body.replace("most = 120", "most = inf", 1), "whole number"),
    (lambda body: body.replace("{name}", "{name:>99999999}", 1), "is not a word"), (lambda body: body.replace("{name}", "{name.__class__}", 1), "is not a word"),
    (lambda body: body.replace("{name}", "{", 1), "is not a word"), (lambda body: 'purpose = "comparison"\n' + body, ""),
    (lambda body: body.replace('code = "S"', 'code = "😀"', 1), ""), (lambda body: body + '\n[score]\nstart = "1"\nmost = {}\n[surprise]\n', "not a key"),
    (lambda body: body.replace('kind = "measure"', 'kind = "date"', 1), ""),
])  # fmt: skip
def test_a_text_that_is_no_standard_is_told_why_and_nothing_breaks(desk, mei, path, change, says):
    before = desk.row().digest
    for language in ("en", "zh"):
        answer = mei.client(language=language).post(f"{path}/text", data={"body": change(text(desk))})
        assert answer.status_code == 422 and desk.row().digest == before
        assert 'id="body-error"' in answer.text and (language == "zh" or says in answer.text)


def test_the_line_of_the_mistake_is_told(desk, mei, path):
    body = text(desk).replace('untested_limit = "C"', 'untested_limit = "S"', 1)
    line = next(n for n, one in enumerate(body.split("\n"), 1) if one == 'untested_limit = "S"')
    answer = mei.client().post(f"{path}/text", data={"body": body})
    assert answer.status_code == 422 and f"Line {line}: " in answer.text
    assert f"第 {line} 行" in mei.client(language="zh").post(f"{path}/text", data={"body": body}).text


def test_a_whole_text_is_pasted_or_sent_as_a_file_with_windows_line_ends(desk, mei, path):
    body = text(desk).replace('en = "Touch"', 'en = "Touch screen"', 1)
    assert mei.client().post(f"{path}/text", data={"body": body.replace("\n", "\r\n")}).status_code == 303
    assert text(desk) == body and desk.standard().find_check("touch").name.en == "Touch screen"
    shipped = "\ufeff" + body_of(get_standard("xunshi-phone", 1)).decode().replace("version = 1", "version = 2", 1)
    file = (io.BytesIO(shipped.encode()), "phone.toml")
    assert mei.client().post(f"{path}/text", data={"body": "", "file": file}, content_type="multipart/form-data").status_code == 303
    assert text(desk) == shipped[1:], "byte for byte, with its remarks"
    assert mei.client().get(f"{path}.toml").data == text(desk).encode()
    for odd in (b"\xff\xfe\x00", b"x" * (MOST_BYTES + 1)):
        data = {"file": (io.BytesIO(odd), "odd.toml")}
        assert mei.client().post(f"{path}/text", data=data, content_type="multipart/form-data").status_code == 422


RULE = {"axis": "function", "when": [{"check": "buttons", "is": ["works"]}], "limit": "D", "reason": "odd", "text": {"zh": "怪", "en": "odd"}}


def test_a_draft_that_breaks_a_law_cannot_be_handed_in_and_its_mended_twin_can(desk, mei, song, session, path):
    data = raw_of(desk.row())
    assert mei.client().post(f"{path}/text", data={"body": write(data | {"rules": [RULE]})}).status_code == 303
    page = mei.client().get(path).text
    assert "It breaks a law of grading" in page and "“loose, stiff, or weak vibration” gets C, “work” only D" in page
    assert "更差的结果会抬高等级" in mei.client(language="zh").get(path).text
    refused = mei.client().post(f"{path}/hand-in", data=WHY)
    assert refused.status_code == 409 and "breaks a law" in refused.text and desk.row().state == "draft"
    session.rollback()
    assert session.query(QueueEntry).count() == 0
    mended = RULE | {"when": [{"check": "buttons", "is": ["fails"]}]}
    assert mei.client().post(f"{path}/text", data={"body": write(data | {"rules": [mended]})}).status_code == 303
    assert "It breaks a law" not in mei.client().get(path).text
    assert mei.client().post(f"{path}/hand-in", data={"why": " "}).status_code == 422, "it says what changes and why"
    assert mei.client().post(f"{path}/hand-in", data=WHY).status_code == 303
    assert song.client().post(f"{path}/decision", data={"decision": "whim", "reason": "x"}).status_code == 422
    assert song.client().post(f"{path}/decision", data={**YES, "reason": "  "}).status_code == 422
    assert song.client().post(f"{path}/decision", data=YES).status_code == 303
    assert song.client().post(f"{path}/decision", data=YES).status_code in (409, 403), "once"


def test_a_day_in_the_past_is_not_handed_in(desk, mei, path):
    data = raw_of(desk.row()) | {"effective_from": "2020-01-01", "names": {"zh": "新", "en": "new"}}
    assert mei.client().post(f"{path}/text", data={"body": write(data)}).status_code == 303
    answer = mei.client().post(f"{path}/hand-in", data=WHY)
    assert answer.status_code == 422 and "is over" in answer.text


def test_the_decision_needs_a_fresh_second_factor(app, desk, mei, song, path, send):
    send("touch", name_en="Touch screen")
    mei.client().post(f"{path}/hand-in", data=WHY)
    stale = song.client()
    with stale.session_transaction() as cookie:
        cookie["factor_at"] = "2020-01-01T00:00:00+00:00"
    assert stale.post(f"{path}/decision", data=YES).status_code == 303 and desk.row().state == "waiting"
    assert song.client().post(f"{path}/decision", data=YES).status_code == 303 and desk.row().state == "approved"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_draft_reads_well(desk, mei, song, path, send, language):
    from tests.house.page_reader import read
    from tests.house.test_languages import chinese

    known = {one for one, zh in chinese().items() if zh != one and " " in one}
    phone = desk.phone(battery_health="86")
    client = mei.client(language=language)
    send("battery_health", **{"bands-2-bound": "88"})
    pages = ["", "/replay", "/head", "/text", "/new-check", "/new-count", "/checks/touch", "/checks/screen_glass", "/checks/battery_health",
             "/checks/adapter", "/counts/many_small_faults"]  # fmt: skip
    answers = [client.get(f"{path}{page}") for page in pages]
    answers += [client.post(f"{path}/text", data={"body": "x"}), client.post(f"{path}/checks/touch", data=desk.check_form("touch", name_en=""))]
    assert phone.number in answers[1].text
    client.post(f"{path}/hand-in", data=WHY)
    answers += [client.get(path), song.client(language=language).get(path), client.get("/standards")]
    song.client().post(f"{path}/decision", data=YES)
    answers += [client.get(path), client.get("/standards"), client.get("/standards/xunshi-phone/2")]
    assert {answer.status_code for answer in answers} == {200, 422}
    assert [(answer.request.path, one) for answer in answers for one in read(answer.text).problems(language, known)] == []
