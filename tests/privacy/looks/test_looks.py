"""The verifier's own look at a medium: seeded after the wipe, bound to it, signed; what contradicts stops the wipe."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core import clock
from core.errors import Forbidden, Invalid, Refused
from core.work import Actor, work
from privacy.clearance.log.sequencing import sequence
from privacy.devices.claims import snapshot
from privacy.evidence.model import Counters
from privacy.looks import actions, queries, rules
from privacy.readback.keys import make_key
from privacy.readback.models import Station
from privacy.readback.result import signed
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import present_media
from tests import stories
from tests.privacy.devices.test_usage import reading
from tests.privacy.readback.images import image, planted, read

HDD = stories.disks("hdd")
SIZE = 67_108_864


@pytest.fixture
def judged(app, doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    return stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])


@pytest.fixture
def station(tmp_path, doing, wang, shop):
    """A bench's key, enrolled at the point."""
    _, key = make_key(tmp_path / "station", None)
    with doing(wang) as w:
        w.session.add(
            Station(
                id="st1", org_id=shop, name="bench 1", key_id=key.key_id, public=key.public.hex(), enrolled_by=wang.id,
                enrolled_at=w.now - timedelta(days=1), revoked_at=None, revoked_by=None, reason="",
            )
        )  # fmt: skip
    return key


def entered(app, session):
    """The public log has caught up."""
    session.rollback()
    with work(session, Actor("system:log_sequencer"), clock.now()) as w:
        sequence(w, app.extensions["xunshi"])


def medium_of(w, job_id):
    job = w.session.get_one(WipeJob, job_id)
    return job, present_media(w.session, job.item_id)[0]


def order(app, doing, session, who, job_id):
    entered(app, session)
    with doing(who) as w:
        return actions.order(w, *medium_of(w, job_id)).seed


def result(session, job_id, path, seed, key, *, device=True, serial=HDD[0].serial, challenge=None, k=rules.SAMPLED):
    """What the bench's tool writes of an image, as if it were the disk itself."""
    challenge = challenge if challenge is not None else session.get(WipeJob, job_id).challenge
    value = read(path, k=k, seed=bytes.fromhex(seed), serial=serial, challenge=challenge)
    plain = {name: one for name, one in value.items() if name not in ("key", "signature")}
    return json.dumps(signed({**plain, "device": device}, key)).encode()


def look(app, doing, who, job_id, raw):
    with doing(who) as w:
        found = actions.look(w, stories.bench(app), *medium_of(w, job_id), raw)
        return found.result, found.grade, found.reasons


def test_a_clean_read_back_is_e4_and_stands_on_the_certificate(app, doing, session, tmp_path, judged, station, zhao):
    seed = order(app, doing, session, zhao, judged)
    raw = result(session, judged, image(tmp_path, bytes(SIZE)), seed, station)
    assert look(app, doing, zhao, judged, raw) == ("agrees", "E4", [])
    stories.verified(app, doing, judged, zhao)
    from privacy.clearance.models import Certificate

    body = json.loads(session.query(Certificate).one().body)
    assert body["media"][0]["grade"] == "E4"


def test_residue_contradicts_and_stops_it(app, doing, session, tmp_path, judged, station, zhao):
    seed = order(app, doing, session, zhao, judged)
    dirty = image(tmp_path, planted(bytes(SIZE), 0, b"EFI PART" * 600))
    assert look(app, doing, zhao, judged, result(session, judged, dirty, seed, station))[0] == "contradicts"
    with pytest.raises(Refused, match="look_contradicts"):
        stories.verified(app, doing, judged, zhao)


@pytest.mark.parametrize(
    ("change", "reason", "against"),
    [
        ({"device": False}, "image", False),
        ({"serial": "ANOTHER123"}, "other_medium", True),
        ({"serial": None}, "no_serial", False),
        ({"challenge": "AAAA-AAAA"}, "other_challenge", False),
        ({"k": 100}, "other_seed", False),
    ],
)
def test_what_is_not_quite_right_says_nothing(app, doing, session, tmp_path, judged, station, zhao, change, reason, against):
    seed = order(app, doing, session, zhao, judged)
    raw = result(session, judged, image(tmp_path, bytes(SIZE)), seed, station, **change)
    found = look(app, doing, zhao, judged, raw)
    assert reason in found[2] and found[0] == ("contradicts" if against else "unknown")


def test_an_old_seed_or_one_of_ones_own_says_nothing(app, doing, session, tmp_path, judged, station, zhao):
    path = image(tmp_path, bytes(SIZE))
    first = order(app, doing, session, zhao, judged)
    order(app, doing, session, zhao, judged)
    for seed in (first, "00" * 32):
        assert look(app, doing, zhao, judged, result(session, judged, path, seed, station))[2] == ["other_seed"]


def test_another_size_is_another_medium(app, doing, session, tmp_path, judged, station, zhao):
    seed = order(app, doing, session, zhao, judged)
    raw = result(session, judged, image(tmp_path, bytes(SIZE // 2)), seed, station)
    assert look(app, doing, zhao, judged, raw)[:1] == ("contradicts",)


def test_a_station_nobody_enrolled_signs_nothing(app, doing, session, tmp_path, judged, zhao):
    _, foreign = make_key(tmp_path / "foreign", None)
    seed = order(app, doing, session, zhao, judged)
    raw = result(session, judged, image(tmp_path, bytes(SIZE)), seed, foreign)
    assert look(app, doing, zhao, judged, raw) == ("unknown", "", ["not_signed"])


def test_a_seed_comes_after_the_wipe_and_from_both(app, doing, session, judged, zhao):
    with pytest.raises(Refused, match="log_behind"), doing(zhao) as w:
        actions.order(w, *medium_of(w, judged))
    seeds = {order(app, doing, session, zhao, judged) for _ in range(3)}
    assert len(seeds) == 3
    with doing(zhao) as w:
        row = queries.find_order(w.session, *[one.id for one in medium_of(w, judged)])
        assert rules.seed_of(row.nonce, row.root) == row.seed
        assert rules.seed_of(row.root, row.nonce) != row.seed


def test_without_a_seed_there_is_nothing_to_compare(app, doing, session, tmp_path, judged, station, zhao):
    raw = result(session, judged, image(tmp_path, bytes(SIZE)), "11" * 32, station)
    with pytest.raises(Invalid, match="no_order"):
        look(app, doing, zhao, judged, raw)


def test_who_wiped_or_owns_it_does_not_look(app, doing, session, people, judged, wang, alice, shop):
    entered(app, session)
    for who in (wang, alice):
        people.give_role(who, "wipe_verifier", shop)
        with pytest.raises(Forbidden):
            look(app, doing, who, judged, reading(HDD[0].serial, 1000))
    with pytest.raises(DatabaseError, match="another person"), doing() as w:
        job, medium = medium_of(w, judged)
        values = {"j": job.id, "m": medium.id, "w": wang.id}
        w.session.execute(
            text(
                "INSERT INTO second_looks (id, job_id, medium_id, order_id, kind, digest, result, grade, reasons, told, "
                "verifier_id, at) VALUES ('l1', :j, :m, NULL, 'state', 'x', 'agrees', 'E3', '[]', '{}', :w, "
                "'2026-11-22T00:00:00.000000Z')"
            ),
            values,
        )


def wiped_at(doing, wang, job_id, **counters):
    with doing(wang) as w:
        job, medium = medium_of(w, job_id)
        snapshot(w, job.item_id, medium.id, job.epoch, "after_wipe", Counters(**counters), "0" * 64)


def test_the_state_read_again_is_e3(app, doing, session, judged, wang, zhao):
    wiped_at(doing, wang, judged, power_on_hours=1000, power_cycles=10)
    assert look(app, doing, zhao, judged, reading(HDD[0].serial, 1003)) == ("agrees", "E3", [])


def test_counters_that_grew_contradict(app, doing, session, judged, wang, zhao):
    wiped_at(doing, wang, judged, power_on_hours=1000)
    assert look(app, doing, zhao, judged, reading(HDD[0].serial, 1200)) == ("contradicts", "", ["counters_grew"])


def test_another_disks_state_contradicts_and_nothing_to_compare_is_unknown(app, doing, judged, zhao):
    assert look(app, doing, zhao, judged, reading(HDD[1].serial, 1000))[2] == ["other_medium"]
    assert look(app, doing, zhao, judged, reading(HDD[0].serial, 1000)) == ("unknown", "", ["says_nothing"])


def test_the_pages(app, session, judged, zhao, wang):
    entered(app, session)
    client = zhao.client()
    page = client.get(f"/wipes/{judged}/verify").text
    path = page.split('href="/wipes/')[1:]
    look_path = next("/wipes/" + one.split('"')[0] for one in path if one.split('"')[0].endswith("/look"))
    assert client.get(look_path).status_code == 200
    assert client.post(look_path.replace("/look", "/seed")).status_code == 303
    assert "privacy.readback" in client.get(look_path).text
    assert client.post(look_path, data={}).status_code == 422
    assert wang.client().get(look_path).status_code == 403
