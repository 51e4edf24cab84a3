"""What is kept of a judgement: the row of the table, the grade of the proof, the run it rests on. And copies of a run fail."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock, ids, signing
from privacy.clearance.profiles import get_profile
from privacy.readback.models import Station
from privacy.station.asking import Answer
from privacy.station.document import compose, signed
from privacy.wipes.attaching import attach
from privacy.wipes.models import Judgement, ProvenRun, WipeJob
from privacy.wipes.queries import judgements_of
from tests import stories
from tests.stories import Disk

HDD, SSD = stories.disks("hdd"), stories.disks("ssd")
FILES = Path(__file__).resolve().parents[1] / "fixtures" / "wipe"
TWO = (FILES / "nwipe-0.34-two-disks.log").read_bytes()
OF_TWO = [Disk("WD-WCAYU4R7X19K", "hdd", ""), Disk("S2RANX0H613905", "ssd", "")]
# the same run, with another disk's name written over the true one
NAME = HDD[0].serial.encode()
OTHER = NAME[:-1] + (b"A" if NAME[-1:] != b"A" else b"B")


@pytest.fixture
def bench_with(doing, alice, wang, shop):
    """Job ids of laptops on the bench, each with these disks."""
    numbers = iter("ABCDEFGH")

    def begin(*disks: Disk) -> str:
        item_id = stories.laptop(doing, alice, serial=f"PF2XK9{next(numbers)}7", disks=disks)
        return stories.started(doing, item_id, alice, wang, shop)

    return begin


@pytest.fixture
def attached(app, doing, session, wang):
    """Attach bytes to a job; the judgements as they are then kept."""

    def run(job_id: str, raw: bytes) -> list[Judgement]:
        with doing(wang) as w:
            made = [one.id for one in attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), raw)]
        session.rollback()
        return [session.get_one(Judgement, one) for one in made]

    return run


def test_a_judgement_names_its_row_and_what_it_reached(bench_with, attached):
    (one,) = attached(bench_with(HDD[0]), HDD[0].log)
    assert (one.verdict, one.rule, one.level, one.profile_version) == ("pass", "pc_hdd", "clear", "2")
    (one,) = attached(bench_with(Disk("S2RANX0H613905", "ssd", "")), (FILES / "nwipe-0.40-ssd-prng.log").read_bytes())
    assert (one.verdict, one.rule, one.level) == ("pass", "pc_ssd", "clear")


def test_what_fails_reaches_no_level(bench_with, attached):
    (one,) = attached(bench_with(HDD[0]), HDD[1].log)
    assert (one.verdict, one.level, one.core) == ("fail", "", None)


def test_the_other_profiles_are_told_for_comparison_and_decide_nothing(bench_with, attached):
    (one,) = attached(bench_with(Disk("S2RANX0H613905", "ssd", "")), (FILES / "nwipe-0.40-ssd-prng.log").read_bytes())
    assert set(one.others) == {"HK-G3", "NIST-800-88r2"}
    assert one.others["HK-G3"] == {"version": "1", "verdict": "fail", "reasons": ["technique_insufficient"], "level": ""}
    assert one.others["NIST-800-88r2"]["verdict"] == "pass" and one.verdict == "pass"


def test_a_disk_entered_as_flash_is_noticed_and_the_other_way_round(bench_with, attached):
    flash = (FILES / "nwipe-0.40-ssd-prng.log").read_bytes()
    (one,) = attached(bench_with(Disk("S2RANX0H613905", "hdd", "")), flash)
    assert (one.verdict, one.reasons) == ("fail", ["medium_mismatch", "too_few_passes"])
    disk = (FILES / "id-hdd-smartctl.json").read_bytes()
    (one,) = attached(bench_with(Disk("WD-WCAYU4R7X19K", "ssd", "")), disk)
    assert one.verdict == "fail" and one.reasons[0] == "medium_mismatch"


def test_and_entered_as_what_it_is_it_passes(bench_with, attached):
    flash = (FILES / "nwipe-0.40-ssd-prng.log").read_bytes()
    (one,) = attached(bench_with(Disk("S2RANX0H613905", "ssd", "")), flash)
    assert (one.verdict, one.reasons) == ("pass", [])


def test_how_a_medium_is_proves_no_wipe_and_keeps_its_further_names_to_itself(bench_with, attached):
    disk = (FILES / "id-hdd-smartctl.json").read_bytes()
    (one,) = attached(bench_with(Disk("WD-WCAYU4R7X19K", "hdd", "")), disk)
    assert (one.verdict, one.reasons) == ("unknown", ["not_a_wipe"])
    assert one.device and all("*" in name for _, name in one.device["identities"]) and "*" in one.device["serial"]


# --- the grade ---------------------------------------------------------------------------------------------------------


def test_a_log_without_this_job_s_code_is_e1_and_with_it_e2(session, bench_with, attached):
    (plain,) = attached(bench_with(HDD[0]), HDD[0].log)
    assert (plain.verdict, plain.grade, plain.challenge) == ("pass", "E1", None)
    job_id = bench_with(HDD[1])
    code = session.get_one(WipeJob, job_id).challenge
    session.rollback()
    today = HDD[1].log.replace(b"[2026/11/22 ", f"[{clock.now():%Y/%m/%d} ".encode())
    (bound,) = attached(job_id, code.encode() + b"\n" + today)
    assert (bound.verdict, bound.grade, bound.challenge) == ("pass", "E2", True)


def test_this_job_s_code_above_a_log_of_another_day_is_e1(session, bench_with, attached):
    job_id = bench_with(HDD[1])
    code = session.get_one(WipeJob, job_id).challenge
    session.rollback()
    week_before = f"[{clock.now() - timedelta(days=7):%Y/%m/%d} ".encode()
    (old,) = attached(job_id, code.encode() + b"\n" + HDD[1].log.replace(b"[2026/11/22 ", week_before))
    assert (old.verdict, old.grade, old.challenge) == ("pass", "E1", True)
    assert "clock_before_job" in {one["code"] for one in old.findings}


ANSWERS = FILES / "answers"
STATION = signing.from_seed(b"the station's test key, 32 bytes")


def station_file(code: str) -> dict[str, Any]:
    """What our station would have sent today: the real answers of a real file, this code, the wipe's log of today."""
    value = json.loads((ANSWERS / "station-hdd-wiped.json").read_text(encoding="utf-8"))
    answers = [
        Answer(one["name"], tuple(one["argv"]), one["exit"], one["stdout"].encode(one["encoding"]), one["stderr"].encode()) for one in value["outputs"]
    ]
    today = (ANSWERS / "station-hdd-wipe.log").read_bytes().replace(b"[2026/11/22 ", f"[{clock.now():%Y/%m/%d} ".encode())
    document = compose(
        node=value["device"]["node"], size=value["device"]["size_bytes"], challenge=code, when=clock.now(), host="0" * 32, tools={},
        answers=answers, wipe=today,
    )  # fmt: skip
    return dict(signed(document, STATION))


@pytest.mark.parametrize(
    ("how", "told"),
    [("signed", ("E2", True)), ("signature deleted", ("E1", True)), ("signed for another job", ("E1", False)), ("by a stranger", ("E1", True))],
)
def test_a_station_s_file_counts_by_its_signature(session, doing, bench_with, attached, wang, shop, how, told):
    """Without it anybody can write the file, whatever code stands in it."""
    job_id = bench_with(Disk("WD-WX12A70R5K9T", "hdd", ""))
    code = session.get_one(WipeJob, job_id).challenge
    session.rollback()
    if how != "by a stranger":
        with doing(wang) as w:
            w.session.add(Station(
                id=ids.new_id(), org_id=shop, name="bench 1", key_id=STATION.key_id, public=STATION.public.hex(), enrolled_by=wang.id,
                enrolled_at=clock.now() - timedelta(days=9), revoked_at=None, revoked_by=None, reason="",
            ))  # fmt: skip
    made = station_file("M9Q4K7P2" if "another" in how else code)
    if "deleted" in how:
        made.pop("signature")
    (one,) = attached(job_id, json.dumps(made).encode())
    assert one.verdict == "pass" and (one.grade, one.challenge) == told


def test_another_job_s_code_is_none(session, bench_with, attached):
    job_id, other = bench_with(HDD[1]), bench_with(HDD[2])
    code = session.get_one(WipeJob, other).challenge
    session.rollback()
    (one,) = attached(job_id, code.encode() + b"\n" + HDD[1].log)
    assert (one.verdict, one.grade, one.challenge) == ("pass", "E1", False)


def test_a_file_of_another_disk_is_not_bound(session, bench_with, attached):
    job_id = bench_with(HDD[0])
    code = session.get_one(WipeJob, job_id).challenge
    session.rollback()
    (one,) = attached(job_id, code.encode() + b"\n" + HDD[1].log)
    assert one.reasons == ["serial_mismatch"] and (one.grade, one.challenge) == ("E1", True)


# --- replay ------------------------------------------------------------------------------------------------------------


def test_a_log_with_another_serial_written_into_it_is_taken_for_genuine_once(bench_with, attached):
    """The forgery itself can't be seen: that is why a run may be used once only, and a second person looks."""
    (one,) = attached(bench_with(Disk(OTHER.decode(), "hdd", "")), HDD[0].log.replace(NAME, OTHER))
    assert one.verdict == "pass" and one.core


def test_the_same_run_under_another_serial_is_a_copy(bench_with, attached):
    (first,) = attached(bench_with(HDD[0]), HDD[0].log)
    (copy,) = attached(bench_with(Disk(OTHER.decode(), "hdd", "")), HDD[0].log.replace(NAME, OTHER))
    assert first.verdict == "pass" and (copy.verdict, copy.reasons, copy.core, copy.level) == ("fail", ["replayed"], None, "")
    # and the genuine disk is not shut out by a copy that came first and failed
    (other,) = attached(bench_with(HDD[1]), HDD[1].log)
    assert other.verdict == "pass" and other.core != first.core


def test_the_same_run_in_an_edited_file_proves_the_same_disk_no_second_time(bench_with, attached):
    job_id = bench_with(HDD[0])
    (first,) = attached(job_id, HDD[0].log)
    (again,) = attached(bench_with(Disk(OTHER.decode(), "hdd", "")), HDD[0].log.replace(NAME, OTHER) + b"\n")
    assert first.verdict == "pass" and again.reasons == ["replayed"]


def test_one_file_may_prove_two_disks_of_one_run(session, bench_with, attached):
    found = attached(bench_with(*OF_TWO), TWO)
    assert [one.verdict for one in found] == ["pass", "pass"]
    runs = session.scalars(select(ProvenRun.digest)).all()
    assert set(runs) == {found[0].digest}


def test_also_when_the_disks_are_in_two_devices(bench_with, attached):
    assert [one.verdict for one in attached(bench_with(OF_TWO[0]), TWO)] == ["pass"]
    assert [one.verdict for one in attached(bench_with(OF_TWO[1]), TWO)] == ["pass"]


def test_the_database_refuses_a_copied_run_too(database, session, bench_with, attached):
    (first,) = attached(bench_with(HDD[0]), HDD[0].log)
    (second,) = attached(bench_with(HDD[1], HDD[2]), HDD[1].log)  # the other disk has no file yet: still being wiped
    row = dict(session.execute(text("SELECT * FROM judgements WHERE id = :id"), {"id": second.id}).mappings().one())
    core = first.core
    session.rollback()

    def run(statement: str, **values: object) -> None:
        with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.execute(text(statement), values)

    names = ", ".join(row)
    insert = f"INSERT INTO judgements ({names}) VALUES ({', '.join(':' + name for name in row)})"
    copied = {**row, "id": ids.new_id(), "verdict": "fail", "core": core}
    honest = {**copied, "core": row["core"]}
    with pytest.raises(DBAPIError, match="same run in another file"):
        run(insert, **copied)
    with pytest.raises(DBAPIError, match="(?i)unique"):
        run("INSERT INTO proven_runs (core, digest, at) VALUES (:core, :digest, :at)", core=core, digest=row["digest"], at=row["at"])
    for change in ("UPDATE proven_runs SET digest = :digest", "DELETE FROM proven_runs WHERE digest <> :digest"):
        with pytest.raises(DBAPIError, match="append-only"):
            run(change, digest=row["digest"])
    run(insert, **honest)


# --- profiles change, judgements stay ------------------------------------------------------------------------------------


def test_what_was_judged_keeps_the_version_it_was_judged_by(session, bench_with, attached):
    job_id = bench_with(HDD[0])
    attached(job_id, HDD[0].log)
    (one,) = judgements_of(session, job_id)
    assert get_profile(one.profile, one.profile_version).rows
    assert one.at <= clock.now()
