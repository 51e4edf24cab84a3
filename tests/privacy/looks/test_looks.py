"""The verifier's own look at a medium: seeded after the wipe, bound to it, signed; what contradicts stops the wipe."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core import clock
from core.errors import Forbidden, Invalid, Refused
from core.goods.models import StorageMedium
from core.work import Actor, work
from privacy.clearance.log.sequencing import sequence
from privacy.devices.claims import snapshot
from privacy.evidence.model import Counters
from privacy.looks import actions, queries, rules
from privacy.looks.models import PatternKey
from privacy.readback.keys import make_key
from privacy.readback.keystream import Keystream
from privacy.readback.models import Station
from privacy.readback.report import read_readback
from privacy.readback.result import signed
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import present_media
from tests import stories
from tests.privacy.devices.test_usage import reading
from tests.privacy.readback.images import image, noise, planted, read

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


def result(
    session, job_id, path, seed, key, *, device=True, serial=None, own=HDD[0].serial, bus="ata", challenge=None,
    k=rules.SAMPLED, **options,
):  # fmt: skip
    """What the bench's tool writes of an image, as if it were the disk itself with this serial number of its `own`."""
    challenge = challenge if challenge is not None else session.get(WipeJob, job_id).challenge
    value = read(path, k=k, seed=bytes.fromhex(seed), serial=serial, challenge=challenge, **options)
    plain = {name: one for name, one in value.items() if name not in ("key", "signature")}
    identity = {"model": "", "serial": own, "wwid": "", "bus": bus} if own else None
    agrees = (own == serial) if own and serial else None
    return json.dumps(signed({**plain, "device": device, "identity": identity, "serial_agrees": agrees}, key)).encode()


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
        ({"own": "ANOTHER123"}, "other_medium", True),
        ({"own": None}, "no_own_serial", False),
        ({"own": None, "serial": HDD[0].serial}, "no_own_serial", False),
        ({"bus": "usb"}, "no_own_serial", False),
        ({"challenge": "AAAA-AAAA"}, "other_challenge", False),
        ({"k": 100}, "other_seed", False),
    ],
)
def test_what_is_not_quite_right_says_nothing(app, doing, session, tmp_path, judged, station, zhao, change, reason, against):
    seed = order(app, doing, session, zhao, judged)
    raw = result(session, judged, image(tmp_path, bytes(SIZE)), seed, station, **change)
    found = look(app, doing, zhao, judged, raw)
    assert reason in found[2] and found[0] == ("contradicts" if against else "unknown")


def test_a_disk_that_was_never_wiped_but_encrypted_is_not_what_the_log_says(
    app, doing, session, tmp_path, judged, station, zhao
):
    """The log ends with a final blank of zeros; on the disk stands ciphertext, which no test tells from random fill."""
    seed = order(app, doing, session, zhao, judged)
    raw = result(session, judged, image(tmp_path, noise(SIZE)), seed, station)
    assert json.loads(raw)["verdict"] == "clean" and json.loads(raw)["expected"] == "random"
    assert look(app, doing, zhao, judged, raw) == ("contradicts", "", ["not_as_left", "random_tells_nothing"])
    with pytest.raises(Refused, match="look_contradicts"):
        stories.verified(app, doing, judged, zhao)


@pytest.mark.parametrize(
    ("device", "left"),
    [
        ({"technique": "overwrite", "method": "DoD Short", "final_blank": True}, "zero"),
        ({"technique": "overwrite", "method": "DoD Short", "final_blank": False}, "random"),
        ({"technique": "overwrite", "method": "PRNG Stream", "final_blank": False}, "random"),
        ({"technique": "overwrite", "method": "RCMP TSSIT OPS-II", "final_blank": False}, "random"),
        ({"technique": "overwrite", "method": "Fill With Zeros", "final_blank": False}, "zero"),
        ({"technique": "overwrite", "method": "Fill With Ones", "final_blank": False}, "ff"),
        ({"technique": "overwrite", "method": "BMB21-2019", "final_blank": False}, None),
        ({"technique": "overwrite", "method": "PRNG Stream", "final_blank": None}, None),
        ({"technique": "overwrite", "method": "unheard of", "final_blank": False}, None),
        ({"technique": "block_erase", "method": None, "final_blank": None}, None), (None, None),
    ],
)  # fmt: skip
def test_what_a_wipe_leaves(device, left):
    assert rules.left_by(device) == left


@pytest.mark.parametrize(
    ("left", "stands", "reasons"),
    [
        ("zero", "zero", []), ("ff", "ff", []), ("zero", "ff", ["not_as_left"]), ("random", "zero", ["not_as_left"]),
        ("random", "random", ["random_tells_nothing"]), ("zero", "random", ["not_as_left", "random_tells_nothing"]),
        (None, "zero", []), (None, "ff", []), (None, "pattern", []), (None, "random", ["random_tells_nothing"]),
        ("zero", "keystream", ["other_pattern"]),
    ],
)  # fmt: skip
def test_what_stands_there_is_held_against_it(tmp_path, station, left, stands, reasons):
    fill = {"zero": bytes(SMALL), "ff": b"\xff" * SMALL, "pattern": b"\x92\x49" * (SMALL // 2), "random": noise(SMALL)}
    options = {"pattern_key": key_file(tmp_path, KEY)} if stands == "keystream" else {}
    data = Keystream(KEY).at(0, SMALL) if stands == "keystream" else fill[stands]
    value = read(image(tmp_path, data), key=station, challenge="C", **options)
    found = replace(read_readback(value, b"", {station.key_id: station.public}), is_device=True)
    asked = rules.Asked(seed="", challenge="C", same_serial=True, size=SMALL, left=left)
    assert list(rules.read_back(found, asked).reasons) == reasons


# --- a keyed last pass --------------------------------------------------------------------------------------------------------

KEY, SMALL = bytes(range(32)), 1024 * 1024


def key_file(folder, key):
    path = folder / f"{Keystream(key).id}.key"
    path.write_text(key.hex())
    return path


@pytest.fixture
def keyed(app, doing, session, tmp_path, alice, wang, shop):
    """Wang asks for a key at the bench, downloads it, writes the last pass with it, attaches the tool's log. (job, key's file)"""
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    medium = session.scalars(select(StorageMedium.id)).one()
    session.rollback()
    client, path = wang.client(), f"/wipes/{job_id}/media/{medium}/pattern"
    assert client.get(f"{path}.key").status_code == 404, "none was given yet"
    assert client.post(path).status_code == 303 and client.post(path).status_code == 303, "asked for twice it is the same"
    given = client.get(f"{path}.key")
    key = bytes.fromhex(given.text.strip())
    assert len(key) == 32 and Keystream(key).id in given.headers["Content-Disposition"]
    assert "aes-256-ctr" in client.get(f"/wipes/{job_id}/bench").text
    row = session.scalars(select(PatternKey)).one()
    assert row.key_id == Keystream(key).id and key.hex() not in row.sealed, "kept encrypted"
    session.rollback()
    with doing(wang) as w:
        stories.attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), HDD[0].log)
    return job_id, path, key_file(tmp_path, key), key


def test_a_keyed_last_pass_is_checked_block_by_block(app, doing, session, tmp_path, keyed, station, zhao):
    job_id, path, file, key = keyed
    seed = order(app, doing, session, zhao, job_id)
    client = zhao.client()
    assert f"--pattern-key {Keystream(key).id}.key" in client.get(path.replace("/pattern", "/look")).text
    assert bytes.fromhex(client.get(f"{path}.key").text.strip()) == key
    written = image(tmp_path, Keystream(key).at(0, SIZE))
    raw = result(session, job_id, written, seed, station, pattern_key=file)
    assert look(app, doing, zhao, job_id, raw) == ("agrees", "E4", [])


@pytest.mark.slow
@pytest.mark.parametrize("stands", ["zeros without the key", "another key", "zeros with the key", "ciphertext"])
def test_anything_else_is_not_that_pass(app, doing, session, tmp_path, keyed, station, zhao, stands):
    """The log alone would be content with zeros; but a key was given, and another disk is held up."""
    job_id, _path, file, _key = keyed
    seed = order(app, doing, session, zhao, job_id)
    other = key_file(tmp_path, KEY)
    made = {
        "zeros without the key": (bytes(SIZE), {}), "another key": (Keystream(KEY).at(0, SIZE), {"pattern_key": other}),
        "zeros with the key": (bytes(SIZE), {"pattern_key": file}), "ciphertext": (noise(SIZE), {"pattern_key": file}),
    }  # fmt: skip
    data, options = made[stands]
    found = look(app, doing, zhao, job_id, result(session, job_id, image(tmp_path, data), seed, station, **options))
    if "pattern_key" in options and options["pattern_key"] == file:
        assert found[0] == "contradicts" and "residue" in found[2]
    else:
        assert found == ("unknown", "", ["other_pattern"])


def test_the_key_is_the_operators_and_the_verifiers_only(session, people, keyed, alice, bob, ines, zhao, shop):
    _job, path, _file, _key = keyed
    for who in (alice, bob, ines):
        assert who.client().get(f"{path}.key").status_code == 403 and who.client().post(path).status_code == 403
    assert zhao.client().post(path).status_code == 403, "the verifier is given none of his own"
    assert "/second-factor" in zhao.client(factor=False).get(f"{path}.key").location
    from core.audit import AuditLine

    words = session.scalars(select(AuditLine.word).where(AuditLine.word.like("privacy:pattern:%")).order_by(AuditLine.line_no)).all()
    assert words == ["privacy:pattern:given", "privacy:pattern:read"]


def test_no_key_after_the_wipe_nor_by_raw_sql(doing, session, database, keyed, wang, bob):
    job_id, path, _file, _key = keyed
    row = dict(session.execute(text("SELECT * FROM pattern_keys")).mappings().one())
    session.rollback()
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    with database.engine.connect().execution_options(writes=True) as connection:
        with pytest.raises(DatabaseError, match="while the medium is being wiped"):
            connection.execute(text(f"INSERT INTO pattern_keys ({names}) VALUES ({places})"), {**row, "id": "x", "key_id": "y"})
        connection.rollback()
        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text("UPDATE pattern_keys SET sealed = 'x'"))
    assert wang.client().post(path).status_code == 409


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
