"""A phone walks from intake to listed by its check-list; beside it each twin that doesn't."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock
from core.errors import Forbidden, Invalid, Refused
from core.goods.models import StorageMedium
from market.listings.models import Listing
from privacy.clearance import paper
from privacy.clearance.permit import Cleared
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.devices import counting, taking_out
from privacy.wipes import actions, checklist_filling, checklist_sending, rules
from privacy.wipes.checklist_models import FilledList, ListPhoto
from privacy.wipes.models import EvidenceFile, Judgement, Verification, WipeJob
from tests import market_stories, stories
from tests.privacy.checklists import walking


def start(doing, alice, wang, shop, platform="android_encrypted", **words):
    item_id = walking.phone(doing, alice, **words)
    job_id = walking.at_bench(doing, item_id, alice, wang, shop)
    walking.begun(doing, job_id, wang, platform)
    return item_id, job_id


def state_of(session, job_id):
    session.rollback()
    return session.get_one(WipeJob, job_id).state


def test_a_listed_phone_goes_the_whole_way(app, doing, session, alice, wang, zhao, shop):
    item_id, number = walking.cleared(app, doing, alice, wang, zhao, shop)
    assert isinstance(find_clearance(session, item_id), Cleared)
    for language, said in (("zh", "依据厂商声明"), ("en", "Relies on the maker's declaration of 2026-10-20")):
        read = paper.read(certificate_of(session, item_id), stories.bench(app).keys, language)
        rows = dict(read.media[0][1])
        assert any(said in value for value in rows.values()), rows
        assert any(value.endswith({"zh": "演示数据", "en": "Demonstration data"}[language]) for value in rows.values())
    listing = market_stories.listed(doing, item_id, alice, title="凌云 L20 手机", price=90000)
    assert session.get_one(Listing, listing).state == "published"
    assert number


def test_the_evidence_is_the_list_itself_without_numbers_and_names(app, doing, session, alice, wang, shop):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang)
    walking.sent(app, doing, job_id, wang)
    session.rollback()
    file = session.scalars(select(EvidenceFile)).one()
    raw = stories.bench(app).store.get(file.digest)
    body = json.loads(raw)
    assert (file.format, body["platform"], body["declaration"]["id"]) == ("checklist", "android_encrypted", "demo-lingyun-l20")
    assert walking.IMEI.encode() not in raw and alice.id.encode() not in raw and wang.id.encode() not in raw
    photos = {digest for step in body["steps"] for digest in step["photos"]}
    assert photos == set(session.scalars(select(ListPhoto.digest))) and len(photos) >= 3
    judgement = session.scalars(select(Judgement)).one()
    assert (judgement.verdict, judgement.rule, judgement.parser_version) == ("pass", "android_encrypted", "checklist 1")


def test_the_built_in_storage_is_known_by_the_devices_number(doing, session, alice, wang, shop):
    _item, job_id = start(doing, alice, wang, shop)
    medium = session.scalars(select(StorageMedium)).one()
    assert (medium.kind, medium.masked) == ("flash", "IMEI:49015420323****")
    with doing(wang) as w:
        checklist_filling.begin(w, walking.job_of(w, job_id), "android_plain")
    assert len(session.scalars(select(StorageMedium)).all()) == 1, "another list is of the same storage"


def test_without_a_declaration_it_cant_be_listed(app, doing, session, alice, wang, shop):
    item_id, job_id = start(doing, alice, wang, shop, brand="Nokia", model="X30")
    walking.filled(app, doing, job_id, wang, brand="Nokia", read={"model": "X30", "version": "15"})
    assert walking.sent(app, doing, job_id, wang) == [("fail", ["no_declaration"])]
    assert state_of(session, job_id) == "wiping" and find_clearance(session, item_id) is None


def test_another_system_version_isnt_covered(app, doing, alice, wang, shop):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang, read={"model": "L20", "version": "17"})
    assert walking.sent(app, doing, job_id, wang) == [("fail", ["declared_other_system"])]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "verdict", "reason"),
    [
        ({"frp_after": "on"}, "fail", "frp_on"),
        ({"frp_after": "unknown"}, "unknown", "lock_unknown"),
        ({"accounts_before": "on"}, "fail", "account_on"),
        ({"memory_card": "no"}, "fail", "card_left"),
        ({"esim": "no"}, "fail", "esim_left"),
        ({"sim": "unknown"}, "unknown", "step_unknown"),
        ({"passcode": "no"}, "fail", "passcode_seen"),
        ({"reset": "no"}, "fail", "reset_not_done"),
        ({"setup_screen": "no"}, "fail", "not_as_new"),
        ({"encrypted": "no"}, "fail", "not_encrypted"),
        ({"number": "no"}, "fail", "other_device"),
    ],
)
def test_each_twin_is_refused_and_says_why(app, doing, session, alice, wang, shop, changed, verdict, reason):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang, **changed)
    assert walking.sent(app, doing, job_id, wang) == [(verdict, [reason])]
    assert state_of(session, job_id) == "wiping"


def test_a_missing_challenge_photo_is_no_pass_and_can_be_taken_afterwards(app, doing, session, alice, wang, zhao, shop):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang, without=("setup_screen",))
    assert walking.sent(app, doing, job_id, wang) == [("unknown", ["challenge_photo_missing"])]
    walking.begun(doing, job_id, wang)
    with doing(wang) as w:
        job = walking.job_of(w, job_id)
        mine = checklist_filling.get_open(w, job_id)
        assert set(mine.answers) == set(walking.good("android_encrypted")), "what was answered is there again"
        checklist_filling.add_photo(w, stories.bench(app), job, mine, "setup_screen", walking.picture())
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]
    assert walking.verified(app, doing, job_id, zhao)


def test_what_belongs_before_the_wipe_is_not_written_down_after_it(app, doing, alice, wang, shop):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang, parts=("wipe", "before", "after"))
    [(verdict, reasons)] = walking.sent(app, doing, job_id, wang)
    assert (verdict, reasons) == ("fail", ["read_too_late"])
    with doing(wang) as w:
        checklist_filling.begin(w, walking.job_of(w, job_id), "android_encrypted", anew=True)
    walking.filled(app, doing, job_id, wang)
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]


@pytest.fixture
def qian(people, shop):
    """A third person of the same shop: another verifier."""
    person = people.person("Qian")
    people.give_role(person, "wipe_verifier", shop)
    return person


def test_unencrypted_android_goes_by_filling_and_needs_no_declaration(app, doing, session, alice, wang, zhao, qian, shop):
    item_id, job_id = start(doing, alice, wang, shop, "android_plain", brand="Nokia", model="3310")
    walking.filled(app, doing, job_id, wang, "android_plain", brand="Nokia", read={})
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]
    walking.verified(app, doing, job_id, zhao, "android_plain")
    walking.confirmed(app, doing, job_id, qian)
    read = paper.read(certificate_of(session, item_id), stories.bench(app).keys, "en")
    assert "declaration" not in str(read.media) and "filled" in str(read.media) and "E4" in str(read.media), "tried by the verifier"
    rows = dict(read.rows)
    assert "third person" in rows["Confirmed on"] and "another person" in rows["Verified on"]
    assert any("tried to recover data" in one for one in read.checks)


def test_a_single_reset_of_it_is_not_enough(app, doing, alice, wang, shop):
    _item, job_id = start(doing, alice, wang, shop, "android_plain", brand="Nokia", model="3310")
    walking.filled(app, doing, job_id, wang, "android_plain", brand="Nokia", fill="no", second_reset="no")
    assert walking.sent(app, doing, job_id, wang) == [("fail", ["fill_not_done", "second_reset_not_done"])]


def test_the_wiper_never_verifies_and_the_owner_neither(app, doing, people, session, alice, wang, zhao, shop):
    people.give_role(wang, "wipe_verifier", shop)
    people.give_role(alice, "wipe_verifier", shop)
    item_id, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang)
    walking.sent(app, doing, job_id, wang)
    for who in (wang, alice):
        with pytest.raises(Forbidden):
            walking.verified(app, doing, job_id, who)
    assert find_clearance(session, item_id) is None
    assert walking.verified(app, doing, job_id, zhao)


@pytest.mark.parametrize(
    ("words", "field"),
    [({"tail": "0000"}, "look_tail"), ({"tail": ""}, "look_tail"), ({"photo": b""}, "look_photo"), ({"ticked": ["list"]}, "look_reboot")],
)
def test_the_verifier_looks_with_own_eyes(app, doing, session, alice, wang, zhao, shop, words, field):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang)
    walking.sent(app, doing, job_id, wang)
    with pytest.raises(Invalid) as no:
        walking.verified(app, doing, job_id, zhao, **words)
    assert no.value.field == field
    walking.verified(app, doing, job_id, zhao)
    session.rollback()
    checks = session.scalars(select(Verification.checks)).one()
    assert checks["look_reboot"] is True and checks["look_tail_of"] == "imei" and len(checks["look_photo_digest"]) == 64


def test_the_verifiers_photo_is_the_own_one(app, doing, alice, wang, zhao, shop):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang, without=("setup_screen",))
    shown = walking.picture("the operator's")
    with doing(wang) as w:
        checklist_filling.add_photo(w, stories.bench(app), walking.job_of(w, job_id), checklist_filling.get_open(w, job_id), "setup_screen", shown)
    walking.sent(app, doing, job_id, wang)
    with pytest.raises(Invalid, match="photo_used"):
        walking.verified(app, doing, job_id, zhao, photo=shown)


def test_a_photo_of_another_wipe_is_not_taken(app, doing, alice, wang, shop):
    _item, first = start(doing, alice, wang, shop)
    _item, second = start(doing, alice, wang, shop, imei="356938035643809")
    same = walking.picture()
    for job_id, fine in ((first, True), (first, True), (second, False)):
        with doing(wang) as w:
            args = (w, stories.bench(app), walking.job_of(w, job_id), checklist_filling.get_open(w, job_id), "sim", same)
            if fine:
                checklist_filling.add_photo(*args)
                continue
            with pytest.raises(Invalid, match="photo_used"):
                checklist_filling.add_photo(*args)


def test_a_card_that_is_left_in_is_a_medium_of_its_own(app, doing, session, alice, wang, zhao, shop):
    _item, job_id = start(doing, alice, wang, shop)
    with doing(wang) as w:
        job = walking.job_of(w, job_id)
        card = actions.add_medium(w, job, kind="card", serial="SDCARD77012")
        counting.count(w, job, 2)
        card_id = card.id
    walking.filled(app, doing, job_id, wang)
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]
    assert state_of(session, job_id) == "wiping", "the card is not covered by the list"
    with doing(wang) as w:
        medium = w.session.get_one(StorageMedium, card_id)
        taking_out.take_out(w, stories.bench(app), walking.job_of(w, job_id), medium, way="returned", photo=walking.picture())
    assert state_of(session, job_id) == "judged"
    assert walking.verified(app, doing, job_id, zhao)


def test_it_is_counted_before_it_is_judged(app, doing, alice, wang, shop):
    item_id = walking.phone(doing, alice)
    job_id = walking.at_bench(doing, item_id, alice, wang, shop)
    with doing(wang) as w:
        checklist_filling.begin(w, walking.job_of(w, job_id), "android_encrypted")
    walking.filled(app, doing, job_id, wang)
    with pytest.raises(Refused, match="count_first"):
        walking.sent(app, doing, job_id, wang)
    with doing(wang) as w:
        counting.count(w, walking.job_of(w, job_id), 1)
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]


def test_an_unfinished_list_is_not_sent(app, doing, session, alice, wang, shop):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang, parts=("before", "wipe"))
    with pytest.raises(Invalid, match="step_unanswered"):
        walking.sent(app, doing, job_id, wang)
    session.rollback()
    assert not session.scalars(select(EvidenceFile)).all()
    walking.filled(app, doing, job_id, wang, parts=("after",))
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]


def test_only_the_operator_fills_it_in(app, doing, people, alice, wang, shop):
    other = people.person("Qian")
    people.give_role(other, "wipe_operator", shop)
    _item, job_id = start(doing, alice, wang, shop)
    for who in (other, alice):
        with pytest.raises(Forbidden):
            walking.filled(app, doing, job_id, who)
    walking.filled(app, doing, job_id, wang)


def test_the_other_list_sets_the_first_aside(doing, session, alice, wang, shop):
    _item, job_id = start(doing, alice, wang, shop)
    with doing(wang) as w:
        checklist_filling.begin(w, walking.job_of(w, job_id), "android_plain")
    rows = session.scalars(select(FilledList).order_by(FilledList.id)).all()
    assert [(row.platform, row.dropped_at is None) for row in rows] == [("android_encrypted", False), ("android_plain", True)]


@pytest.mark.parametrize("platform", ["printer", "nothing", "../phone", ""])
def test_a_list_for_something_else_is_refused(doing, alice, wang, shop, platform):
    item_id = walking.phone(doing, alice)
    job_id = walking.at_bench(doing, item_id, alice, wang, shop)
    with pytest.raises(Refused), doing(wang) as w:
        checklist_filling.begin(w, walking.job_of(w, job_id), platform)


def test_a_thing_without_a_number_says_so(doing, alice, wang, shop):
    from core.goods.cards import get_card
    from core.goods.intake import Intake, take_in

    with doing(alice) as w:
        item_id = take_in(w, alice.id, Intake(card=get_card("other"), attributes={"kind": "车机"}, smart="yes")).id
    job_id = walking.at_bench(doing, item_id, alice, wang, shop)
    with pytest.raises(Refused, match="no_number"), doing(wang) as w:
        checklist_filling.begin(w, walking.job_of(w, job_id), "car_unit")


def test_a_television_still_waits(doing, alice):
    from core.goods.cards import get_card
    from core.goods.intake import Intake, take_in

    with doing(alice) as w:
        item_id = take_in(w, alice.id, Intake(card=get_card("home_appliance"), attributes={"brand": "TCL"}, smart="yes")).id
    with pytest.raises(Refused, match="route_waiting"), doing(alice) as w:
        actions.open_job(w, item_id)


@pytest.mark.parametrize("sql", [
    "UPDATE wipe_checklists SET answers = '{}'",
    "UPDATE wipe_checklists SET evidence_id = NULL",
    "DELETE FROM wipe_checklists",
    "DELETE FROM wipe_checklist_photos",
    "UPDATE wipe_checklist_photos SET removed_at = '2026-11-22T00:00:00.000000Z'",
])  # fmt: skip
def test_the_database_keeps_a_list_that_was_sent(app, doing, database, alice, wang, shop, sql):
    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang)
    walking.sent(app, doing, job_id, wang)
    with pytest.raises(IntegrityError), database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text(sql))


def test_the_ground_is_the_standard_for_a_business_and_the_houses_rule_for_a_resident(app, doing, session, alice, wang, shop):
    for origin, imei, ground in (("business", walking.IMEI, "ground_standard"), ("private", "356938035643809", "ground_platform_rule")):
        item_id = walking.phone(doing, alice, brand="Nokia", imei=imei)
        with doing(alice) as w:
            job = actions.open_job(w, item_id)
            actions.consent(w, job, origin=origin, ticks=dict.fromkeys(rules.TICKS, True))
            job_id = job.id
        with doing(wang) as w:
            actions.start(w, walking.job_of(w, job_id), shop)
        walking.begun(doing, job_id, wang)
        walking.filled(app, doing, job_id, wang, brand="Nokia")
        walking.sent(app, doing, job_id, wang)
        session.rollback()
        findings = session.scalars(select(Judgement.findings).where(Judgement.job_id == job_id)).one()
        assert ground in [one["code"] for one in findings]


def test_before_the_dated_setting_a_list_may_pass_without_a_declaration_and_says_so(app, doing, session, alice, wang, zhao, shop):
    from dataclasses import replace
    from datetime import date

    clock_day = clock.now().date()
    app.extensions["xunshi"] = replace(app.extensions["xunshi"], declarations_from=date(clock_day.year + 1, 1, 1))
    item_id, job_id = start(doing, alice, wang, shop, brand="Nokia")
    walking.filled(app, doing, job_id, wang, brand="Nokia")
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]
    walking.verified(app, doing, job_id, zhao)
    read = paper.read(certificate_of(session, item_id), stories.bench(app).keys, "en")
    assert "No declaration of its maker was at hand" in str(read.media)


def test_made_up_declarations_count_for_nothing_in_production(app, doing, session, alice, wang, shop):
    from dataclasses import replace

    _item, job_id = start(doing, alice, wang, shop)
    walking.filled(app, doing, job_id, wang)
    with doing(wang) as w:
        real = replace(stories.bench(app), made_up=False)
        [judgement] = checklist_sending.send(w, real, walking.job_of(w, job_id))
        assert (judgement.verdict, judgement.reasons) == ("fail", ["no_declaration"])
