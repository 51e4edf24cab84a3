"""A laptop's way through the bench, told with genuine logs: what passes, and each refusal beside its twin that passes."""

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Invalid, Refused
from core.goods import custody, intake
from core.goods.models import Item, StorageMedium
from core.people.models import Notice
from privacy.clearance import verifying
from privacy.clearance.permit import Cleared, NotNeeded
from privacy.clearance.queries import certificate_of, certificates_by_serial, find_certificate, find_clearance
from privacy.clearance.verifying import Keeping
from privacy.devices import counting
from privacy.evidence.model import Unreadable
from privacy.wipes import actions, rules
from privacy.wipes.attaching import attach
from privacy.wipes.models import Judgement, WipeJob
from privacy.wipes.queries import find_by_code, find_item, judgements_of
from tests import stories
from tests.conftest import samples
from tests.stories import Disk

HDD, SSD = stories.disks("hdd"), stories.disks("ssd")


def job_of(w, job_id):
    return w.session.get_one(WipeJob, job_id)


def start_with(doing, alice, wang, shop, disks, serial="PF2XK9A7"):
    item_id = stories.laptop(doing, alice, serial=serial, disks=disks)
    return item_id, stories.started(doing, item_id, alice, wang, shop)


def attach_log(app, doing, who, job_id, raw):
    with doing(who) as w:
        return [one.verdict for one in attach(w, stories.bench(app), job_of(w, job_id), raw)]


def test_a_laptop_goes_the_whole_way(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    assert find_clearance(session, item_id) is None
    number = stories.clear(app, doing, item_id, alice, wang, zhao, shop, HDD[:1])
    permit = find_clearance(session, item_id)
    assert isinstance(permit, Cleared) and permit.certificate_number == number and permit.epoch == 1
    assert (permit.until - certificate_of(session, item_id).issued_at).days == 180
    medium = session.scalars(select(StorageMedium)).one()
    assert medium.capacity_bytes == 67108864, "the size comes from the tool, not from typing"
    said = [one.sentence for one in session.scalars(select(Notice).where(Notice.account_id == alice.id).order_by(Notice.id))]
    assert [sentence.split(" (")[0] for sentence in said] == [
        "A wipe of your device was registered",
        "Your device is being wiped now",
        "Your device is wiped; a second person verifies it now",
        "Your device passed",
    ]


def test_a_coat_needs_no_wipe(doing, session, alice):
    item_id = stories.coat(doing, alice)
    assert find_clearance(session, item_id) == NotNeeded(item_id)
    with pytest.raises(Refused, match="no_data"), doing(alice) as w:
        actions.open_job(w, item_id)


def test_a_television_waits_for_its_route(doing, alice):
    from core.goods.cards import get_card

    with doing(alice) as w:
        given = intake.Intake(card=get_card("home_appliance"), smart="yes")
        item_id = intake.take_in(w, alice.id, given).id
    with pytest.raises(Refused, match="route_waiting"), doing(alice) as w:
        actions.open_job(w, item_id)


def test_one_pass_is_enough_for_a_solid_state_drive_but_not_for_a_hard_disk(app, doing, session, alice, wang, shop):
    _, job_id = start_with(doing, alice, wang, shop, SSD[:1])
    assert attach_log(app, doing, wang, job_id, SSD[0].kind_file) == ["unknown"], "it tells what it is, no wipe"
    assert attach_log(app, doing, wang, job_id, SSD[0].log) == ["pass"]
    claimed = Disk(SSD[1].serial, "hdd", SSD[1].file)
    _, job_id = start_with(doing, alice, wang, shop, [claimed], serial="PF2XK9B8")
    assert attach_log(app, doing, wang, job_id, SSD[1].log) == ["fail"]
    assert "too_few_passes" in judgements_of(session, job_id)[0].reasons
    assert job_of_state(session, job_id) == "wiping"


def job_of_state(session, job_id):
    session.expire_all()
    return session.get_one(WipeJob, job_id).state


def test_looking_at_zeros_never_passes(app, doing, session, alice, wang, shop):
    raw = samples("wipe", "nwipe-verify-only.log").read_bytes()
    _, job_id = start_with(doing, alice, wang, shop, [Disk("VERIFYONLY1", "hdd", "")])
    assert attach_log(app, doing, wang, job_id, raw) == ["fail"]
    assert "verify_only" in judgements_of(session, job_id)[0].reasons


def test_another_try_after_a_failed_one_passes(app, doing, session, alice, wang, shop):
    _, job_id = start_with(doing, alice, wang, shop, HDD[:1])
    assert attach_log(app, doing, wang, job_id, HDD[1].log) == ["fail"]
    assert judgements_of(session, job_id)[0].reasons == ["serial_mismatch"]
    assert attach_log(app, doing, wang, job_id, HDD[0].log) == ["pass"]
    assert job_of_state(session, job_id) == "judged"


def test_two_disks_need_two_files(app, doing, session, alice, wang, zhao, shop):
    _, job_id = start_with(doing, alice, wang, shop, [HDD[0], SSD[0]])
    attach_log(app, doing, wang, job_id, HDD[0].log)
    assert job_of_state(session, job_id) == "wiping"
    with pytest.raises(Refused, match="not_waiting"), doing(zhao) as w:
        verifying.accept(
            w,
            stories.bench(app),
            job_of(w, job_id),
            checks=list(rules.CHECKS),
            counted=2,
            keeping=Keeping(kept="at_point"),
            signed_in_at=w.now,
        )
    attach_log(app, doing, wang, job_id, SSD[0].kind_file)
    attach_log(app, doing, wang, job_id, SSD[0].log)
    assert job_of_state(session, job_id) == "judged"


def test_a_disk_found_later_sends_the_job_back_to_the_bench(app, doing, session, alice, wang, shop):
    item_id, job_id = start_with(doing, alice, wang, shop, HDD[:1])
    attach_log(app, doing, wang, job_id, HDD[0].log)
    with doing(wang) as w:
        actions.add_medium(w, job_of(w, job_id), kind="ssd", serial=SSD[0].serial)
    assert job_of_state(session, job_id) == "wiping"
    with pytest.raises(Refused, match="count_again"):
        attach_log(app, doing, wang, job_id, SSD[0].log)
    with doing(wang) as w:
        counting.count(w, job_of(w, job_id), 2)
    attach_log(app, doing, wang, job_id, SSD[0].kind_file)
    attach_log(app, doing, wang, job_id, SSD[0].log)
    assert job_of_state(session, job_id) == "judged"


def test_a_slip_in_the_serial_is_corrected_only_while_no_file_speaks_of_it(app, doing, session, alice, wang, shop):
    item_id, job_id = start_with(doing, alice, wang, shop, [Disk("WRONGSERIAL9", "hdd", "")])
    assert attach_log(app, doing, wang, job_id, HDD[0].log) == ["fail"]
    with doing(wang) as w:
        wrong = w.session.scalars(select(StorageMedium)).one()
        actions.correct_medium(w, job_of(w, job_id), wrong)
        actions.add_medium(w, job_of(w, job_id), kind="hdd", serial=HDD[0].serial)
    with pytest.raises(Refused, match="attached_already"):
        attach_log(app, doing, wang, job_id, HDD[0].log)


def test_what_a_file_has_judged_is_not_called_mistyped(app, doing, session, alice, wang, shop):
    _, job_id = start_with(doing, alice, wang, shop, [Disk(SSD[0].serial, "hdd", "")])
    attach_log(app, doing, wang, job_id, SSD[0].log)
    with pytest.raises(Refused, match="medium_judged"), doing(wang) as w:
        actions.correct_medium(w, job_of(w, job_id), w.session.scalars(select(StorageMedium)).one())
    with pytest.raises(Refused, match="medium_judged"), doing(wang) as w:
        actions.correct_kind(w, job_of(w, job_id), w.session.scalars(select(StorageMedium)).one(), "ssd")


def test_a_wrong_kind_is_corrected_before_the_file_comes(app, doing, alice, wang, shop):
    _, job_id = start_with(doing, alice, wang, shop, [Disk(SSD[0].serial, "hdd", SSD[0].file)])
    with doing(wang) as w:
        actions.correct_kind(w, job_of(w, job_id), w.session.scalars(select(StorageMedium)).one(), "ssd")
    assert attach_log(app, doing, wang, job_id, SSD[0].kind_file) == ["unknown"]
    assert attach_log(app, doing, wang, job_id, SSD[0].log) == ["pass"]


def test_the_same_file_never_proves_the_same_disk_twice(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    with doing(wang) as w:
        custody.move(w, w.session.get_one(Item, item_id), holder_kind="person", holder_id=alice.id, place="owner", why="returned")
    job_id = stories.started(doing, item_id, alice, wang, shop)
    assert attach_log(app, doing, wang, job_id, HDD[0].log) == ["fail"]
    assert judgements_of(session, job_id)[0].reasons == ["replayed"]


def test_nothing_is_wiped_without_the_owners_consent(doing, alice, bob, wang, shop):
    item_id = stories.laptop(doing, alice)
    with doing(wang) as w:
        job_id = actions.open_job(w, item_id, org_id=shop).id
    for act in (actions.start, actions.receive):
        with pytest.raises(Refused), doing(wang) as w:
            act(w, job_of(w, job_id), shop)
    for who in (wang, bob):
        with pytest.raises(Forbidden, match="not_the_owner"), doing(who) as w:
            actions.consent(w, job_of(w, job_id), origin="private", ticks=dict.fromkeys(rules.TICKS, True))
    with doing(alice) as w:
        actions.consent(w, job_of(w, job_id), origin="private", ticks=dict.fromkeys(rules.TICKS, True))
    with doing(wang) as w:
        actions.receive(w, job_of(w, job_id), shop)
        assert custody.find_holder(w.session, item_id).place == "counter"
        actions.start(w, job_of(w, job_id), shop)
        assert custody.find_holder(w.session, item_id).place == "bench"


@pytest.mark.parametrize("missing", rules.COMPUTER_TICKS)
def test_every_box_is_ticked_by_the_owner(doing, alice, missing):
    item_id = stories.laptop(doing, alice)
    with pytest.raises(Invalid) as no, doing(alice) as w:
        job = actions.open_job(w, item_id)
        actions.consent(w, job, origin="private", ticks={code: code != missing for code in rules.TICKS})
    assert no.value.field == missing


@pytest.mark.parametrize("origin", ["state_secret", "public_body"])
def test_a_device_with_state_secrets_is_refused_for_good(doing, session, alice, wang, shop, origin):
    item_id = stories.laptop(doing, alice)
    with doing(alice) as w:
        job_id = actions.open_job(w, item_id).id
        assert actions.consent(w, job_of(w, job_id), origin=origin, ticks={}) == "cancelled"
    assert session.get_one(WipeJob, job_id).stopped == origin
    with pytest.raises(Refused, match=f"stopped_{origin}"), doing(alice) as w:
        actions.open_job(w, item_id)
    with pytest.raises(Refused, match=f"stopped_{origin}"), doing(wang) as w:
        actions.open_job(w, item_id, org_id=shop)


def test_only_the_operator_who_took_it_attaches_files(app, doing, people, alice, wang, shop):
    other = people.person("Qian")
    people.give_role(other, "wipe_operator", shop)
    _, job_id = start_with(doing, alice, wang, shop, HDD[:1])
    with pytest.raises(Forbidden, match="not_the_operator"):
        attach_log(app, doing, other, job_id, HDD[0].log)
    assert attach_log(app, doing, wang, job_id, HDD[0].log) == ["pass"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"\0\1\2", "binary"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "not_text"),
        ("报告".encode("gbk"), "unrecognised"),
        (b"x" * (16 * 1024 * 1024 + 1), "too_big"),
        (b"{}", "unrecognised"),
    ],
)
def test_what_is_no_log_is_said_clearly(app, doing, session, alice, wang, shop, raw, code):
    _, job_id = start_with(doing, alice, wang, shop, HDD[:1])
    with pytest.raises(Unreadable, match=code):
        attach_log(app, doing, wang, job_id, raw)
    assert not session.scalars(select(Judgement)).all()


def test_a_device_is_found_by_code_and_serial(doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice, serial="PF2XK9A7")
    with doing(alice) as w:
        job = actions.open_job(w, item_id)
        code = job.drop_code
    assert find_by_code(session, f"{code[:4].lower()} {code[4:]}").item_id == item_id
    assert find_by_code(session, "AAAA-AAAA") is None
    assert find_item(session, "pf2x-k9a7").id == item_id
    assert find_item(session, f"http://127.0.0.1/items/{item_id}").id == item_id
    assert find_item(session, "nothing") is None and find_item(session, "  ") is None


def test_rejected_is_not_the_end(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])
    with doing(zhao) as w:
        verifying.reject(w, job_of(w, job_id), reason="lock", signed_in_at=w.now)
    assert find_clearance(session, item_id) is None and job_of_state(session, job_id) == "rejected"
    again = stories.started(doing, item_id, alice, wang, shop)
    assert attach_log(app, doing, wang, again, HDD[0].log) == ["fail"], "the old file proves nothing a second time"
    with doing(wang) as w:
        actions.give_up(w, job_of(w, again), "broken")
    assert job_of_state(session, again) == "rejected"


def test_a_cleared_device_isnt_wiped_again_for_fun(app, doing, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    with pytest.raises(Refused, match="cleared_already"), doing(alice) as w:
        actions.open_job(w, item_id)


def test_the_certificate_is_found_by_number_and_by_any_of_its_serials(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    number = certificate_of(session, item_id).number
    assert find_certificate(session, number.lower().replace("-", " ")).item_id == item_id
    for serial in ("PF2XK9A7", "pf2x k9a7", HDD[0].serial):
        assert [one.number for one in certificates_by_serial(session, serial)] == [number]
    assert certificates_by_serial(session, "PF2XK9A") == [] and certificates_by_serial(session, "") == []
