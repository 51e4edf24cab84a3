"""The check-list through its pages, as operator, verifier and owner see them, in both languages; and what others don't see."""

import html
import io
import re

import pytest
from sqlalchemy import select

from core.audit import AuditLine
from privacy.clearance.queries import find_clearance
from privacy.wipes import rules
from privacy.wipes.checklist_models import FilledList, ListPhoto
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import EvidenceFile, WipeJob
from tests import market_stories, stories
from tests.privacy.checklists import walking

CHECKS = dict.fromkeys(rules.CHECKS, "y")


def words(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))))


def photo(raw=None, name="x.jpg"):
    return (io.BytesIO(walking.picture() if raw is None else raw), name)


def save(client, job_id, part, platform="android_encrypted", *, brand="凌云", go="on", without=(), extra=None, **changed):
    answers = walking.good(platform, brand, **changed)
    steps = get_checklist(platform).part(part, brand)
    data = {"part": part, "go": go, **{f"s_{step.code}": answers[step.code] for step in steps}}
    if part == "before":
        data |= {f"r_{name}": value for name, value in walking.READ.items()}
    data |= {f"p_{step.code}": [photo()] for step in steps if step.photo != "none" and step.code not in without}
    return client.post(f"/wipes/{job_id}/checklist", data=data | (extra or {}), content_type="multipart/form-data")


@pytest.fixture
def bench(doing, alice, wang, shop):
    item_id = walking.phone(doing, alice)
    return item_id, walking.at_bench(doing, item_id, alice, wang, shop)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_way_by_hand(app, doing, session, alice, wang, zhao, bench, language):
    item_id, job_id = bench
    operator, verifier, owner = (who.client(language=language) for who in (wang, zhao, alice))
    assert f"/wipes/{job_id}/checklist" in operator.get(f"/wipes/{job_id}/bench").text
    page = operator.get(f"/wipes/{job_id}/checklist")
    assert page.status_code == 200 and "android_plain" in page.text
    begin = operator.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "android_encrypted", "counted": "1"})
    assert begin.location == f"/wipes/{job_id}/checklist"
    for part, following in (("before", "wipe"), ("wipe", "after"), ("after", "check")):
        assert operator.get(f"/wipes/{job_id}/checklist?part={part}").status_code == 200
        assert save(operator, job_id, part).location == f"/wipes/{job_id}/checklist?part={following}"
    look = operator.get(f"/wipes/{job_id}/checklist?part=check")
    assert {"en": "Demonstration data", "zh": "演示数据"}[language] in words(look)
    assert operator.post(f"/wipes/{job_id}/checklist/send").location == f"/wipes/{job_id}/bench#media"
    session.rollback()
    assert session.get_one(WipeJob, job_id).state == "judged"
    assert operator.get(f"/wipes/{job_id}/bench").status_code == 200
    assert operator.get(f"/wipes/{job_id}/again").status_code == 200
    evidence = session.scalars(select(EvidenceFile.id)).one()
    for who in (operator, verifier):
        assert who.get(f"/evidence/{evidence}/checklist").status_code == 200
        assert "android_encrypted" in who.get(f"/evidence/{evidence}").text
    assert "L20" in words(verifier.get(f"/wipes/{job_id}/verify"))
    sent = {"kept": "at_point", "counted": "1", "look_tail": walking.IMEI[-4:], **CHECKS, **{f"look_{c}": "y" for c in walking.looks()}}
    stories.signed(app, doing, job_id)
    missing = verifier.post(f"/wipes/{job_id}/verify", data=sent)
    assert missing.status_code == 422 and "checked" in missing.text
    done = verifier.post(f"/wipes/{job_id}/verify", data=sent | {"look_photo": photo()}, content_type="multipart/form-data")
    assert done.location.startswith("/certificates/XS-")
    certificate = owner.get(done.location)
    assert {"en": "Relies on the maker", "zh": "依据厂商声明"}[language] in words(certificate)
    assert owner.get(done.location + ".pdf").status_code == 200
    session.rollback()
    assert find_clearance(session, item_id) is not None
    market_stories.listed(doing, item_id, alice)


def test_nothing_is_lost_between_two_looks(session, wang, bench):
    _item, job_id = bench
    client = wang.client()
    client.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "android_encrypted"})
    half = {"part": "before", "go": "stay", "s_passcode": "yes", "s_sim": "unknown", "r_model": "L20", "p_sim": [photo()]}
    assert client.post(f"/wipes/{job_id}/checklist", data=half, content_type="multipart/form-data").location.endswith("?part=before")
    page = client.get(f"/wipes/{job_id}/checklist").text
    assert re.search(r'name="s_passcode" value="yes" checked', page) and 'value="L20"' in page and "/checklist/photos/" in page
    assert client.post(f"/wipes/{job_id}/checklist", data={"part": "before", "go": "stay"}).status_code == 303
    session.rollback()
    kept = session.scalars(select(FilledList)).one()
    assert kept.answers["sim"]["a"] == "unknown" and kept.readings == {"model": "L20"}


def test_the_way_to_the_wipe_opens_once_everything_before_it_is_told(session, wang, bench):
    _item, job_id = bench
    client = wang.client()
    client.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "android_encrypted"})
    half = {"part": "before", "go": "on", "s_passcode": "yes", "r_model": "L20"}
    answer = client.post(f"/wipes/{job_id}/checklist", data=half, content_type="multipart/form-data")
    assert answer.status_code == 422
    for name in ("s_encrypted", "r_version", "p_sim"):
        assert f'id="{name}-error"' in answer.text, name
    assert 'id="s_passcode-error"' not in answer.text and 'id="r_model-error"' not in answer.text
    assert "can't be read any more afterwards" in words(answer) and "Take this photo before the wipe" in words(answer)
    session.rollback()
    assert session.scalars(select(FilledList)).one().readings == {"model": "L20"}, "saved all the same"
    assert save(client, job_id, "before").location.endswith("?part=wipe")
    assert "can't be listed for now" not in words(client.get(f"/wipes/{job_id}/checklist?part=wipe"))


def test_a_missing_declaration_is_said_before_the_reset(wang, bench):
    _item, job_id = bench
    client = wang.client()
    client.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "android_encrypted"})
    save(client, job_id, "before", extra={"r_model": "Q1"})
    page = words(client.get(f"/wipes/{job_id}/checklist?part=wipe"))
    assert "It can't be listed for now" in page and "Ask its owner before you go on" in page


def test_a_bad_photo_costs_nothing_but_itself(session, wang, bench):
    _item, job_id = bench
    client = wang.client()
    client.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "android_encrypted"})
    answer = save(client, job_id, "before", extra={"p_sim": [photo(b"no photo"), photo()]})
    assert answer.status_code == 422 and "not a photo" in words(answer)
    session.rollback()
    kept = session.scalars(select(FilledList)).one()
    assert kept.answers["sim"]["a"] == "yes"
    assert {one.step for one in kept.photos} == {"sim", "encrypted"}


def test_a_photo_is_removed_and_the_rest_stays(session, wang, bench):
    _item, job_id = bench
    client = wang.client()
    client.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "android_encrypted"})
    save(client, job_id, "before")
    session.rollback()
    first = session.scalars(select(ListPhoto)).first()
    client.post(f"/wipes/{job_id}/checklist", data={"part": "before", "remove": first.id, "s_esim": "no"})
    session.rollback()
    assert [one.removed_at is None for one in session.scalars(select(ListPhoto).order_by(ListPhoto.id))] == [False, True]
    assert session.scalars(select(FilledList)).one().answers["esim"]["a"] == "no"


def test_the_look_at_the_whole_says_what_is_open_and_what_is_wrong(wang, bench):
    _item, job_id = bench
    client = wang.client()
    client.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "android_encrypted", "counted": "1"})
    save(client, job_id, "before", without=("sim",), esim="no")
    page = client.get(f"/wipes/{job_id}/checklist?part=check")
    assert "Still unanswered" in words(page) and "An eSIM is still in it" in words(page) and "photo that the list asks for" in words(page)
    refused = client.post(f"/wipes/{job_id}/checklist/send")
    assert refused.status_code == 422 and "Answer every question first" in words(refused)


@pytest.mark.parametrize(("language", "said", "way"), [("en", "can't be listed for now", "maker's own service"), ("zh", "暂不能上架", "厂商售后")])
def test_a_phone_without_a_declaration_is_told_the_ground_and_the_ways_on(app, doing, alice, wang, shop, language, said, way):
    item_id = walking.phone(doing, alice, brand="Nokia", model="X30")
    job_id = walking.at_bench(doing, item_id, alice, wang, shop)
    client = wang.client(language=language)
    client.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "android_encrypted", "counted": "1"})
    for part in ("before", "wipe", "after"):
        save(client, job_id, part, brand="Nokia")
    assert said in words(client.get(f"/wipes/{job_id}/checklist?part=check"))
    client.post(f"/wipes/{job_id}/checklist/send")
    page = words(alice.client(language=language).get(f"/wipes/{job_id}"))
    assert said in page and way in page
    assert {"en": "platform's own rule", "zh": "本平台自己的"}[language] in page
    assert not re.search(r"illegal|forbidden by law|law forbids|违法|法律禁止", page)
    for who, status in ((wang, 200), (alice, 403)):
        report = who.client(language=language).get("/wipes/waiting-models")
        assert report.status_code == status
    assert "Nokia X30" in words(wang.client(language=language).get("/wipes/waiting-models"))


def test_the_regulator_counts_what_waits(app, doing, alice, wang, ines, zhao, shop):
    from core.goods.cards import get_card
    from core.goods.intake import Intake, take_in

    for imei in (walking.IMEI, "356938035643809"):
        item_id = walking.phone(doing, alice, brand="Nokia", model="X30", imei=imei)
        job_id = walking.at_bench(doing, item_id, alice, wang, shop)
        walking.begun(doing, job_id, wang)
        walking.filled(app, doing, job_id, wang, brand="Nokia")
        walking.sent(app, doing, job_id, wang)
    with doing(alice) as w:
        take_in(w, alice.id, Intake(card=get_card("home_appliance"), attributes={"brand": "TCL"}, smart="yes"))
    page = words(ines.client().get("/wipes/waiting-models"))
    assert re.search(r"Nokia X30\s+no declaration on record\s+2", page) and re.search(r"Home appliance\s+1", page, re.I)
    walking.begun(doing, job_id, wang, "android_plain")
    walking.filled(app, doing, job_id, wang, "android_plain", brand="Nokia", read={})
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]
    walking.verified(app, doing, job_id, zhao, "android_plain", tail="3809", report=b"0 files on IMEI 356938035643809")
    assert re.search(r"Nokia X30\s+no declaration on record\s+1", words(ines.client().get("/wipes/waiting-models")))


def test_strangers_see_no_photo_and_no_list(app, doing, session, people, alice, bob, wang, zhao, ines, bench):
    other = people.person("Qian")
    people.give_role(other, "wipe_operator", people.organisation("东城旧货行"))
    _item, job_id = bench
    walking.begun(doing, job_id, wang)
    walking.filled(app, doing, job_id, wang)
    shown = session.scalars(select(ListPhoto.id)).first()
    path = f"/wipes/{job_id}/checklist/photos/{shown}/small.jpg"
    for who, status in ((wang, 200), (zhao, 200), (ines, 200), (other, 403), (alice, 403), (bob, 403)):
        answer = who.client().get(path)
        assert answer.status_code == status, who.name
        if status == 200:
            assert "private" in answer.headers["Cache-Control"] and answer.mimetype == "image/jpeg"
    for who in (other, alice, bob, zhao):
        assert who.client().get(f"/wipes/{job_id}/checklist").status_code == 403
        assert who.client().post(f"/wipes/{job_id}/checklist/send").status_code == 403
    assert wang.client().get(f"/wipes/{job_id}/checklist/photos/nothing/small.jpg").status_code == 404


def test_odd_input_gets_a_clear_answer(wang, bench):
    _item, job_id = bench
    client = wang.client()
    path = f"/wipes/{job_id}/checklist"
    assert client.post(path + "/begin", data={}).status_code == 404
    assert client.post(path + "/begin", data={"platform": "printer"}).status_code == 422
    assert client.post(path + "/begin", data={"platform": "android_encrypted", "counted": "3"}).status_code == 422
    assert client.post(path, data={"part": "before"}).status_code == 303, "nothing is begun yet"
    assert client.post(path + "/send").status_code == 409
    client.post(path + "/begin", data={"platform": "android_encrypted"})
    assert client.post(path, data={"part": "nowhere"}).status_code == 303
    assert client.post(path, data={"part": "before", "r_model": "x" * 41}).status_code == 422
    assert client.post(path, data={"part": "before", "s_sim": "<script>", "remove": "x"}).status_code == 303
    for part in ("nowhere", "before", "check", ""):
        page = client.get(f"{path}?part={part}")
        assert page.status_code == 200 and "<script>" not in page.text
    counted = client.post(path + "/send")
    assert counted.status_code == 409 and "/count" in counted.text


def test_a_mac_goes_by_the_list_although_computers_go_by_tools(doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=[])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    client = wang.client()
    assert f"/wipes/{job_id}/checklist" in client.get(f"/wipes/{job_id}/bench").text
    assert client.post(f"/wipes/{job_id}/checklist/begin", data={"platform": "mac", "counted": "1"}).status_code == 303
    assert client.get(f"/wipes/{job_id}/checklist?part=before").status_code == 200
    session.rollback()
    assert session.scalars(select(FilledList.platform)).one() == "mac"
    assert "privacy:checklist:begun" in session.scalars(select(AuditLine.word)).all()
