"""Attacks by time: a rule set changed afterwards, a clock put back or forward."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import stamp
from privacy.clearance.grade import CLOCKS
from privacy.clearance.profiles import get_profile
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import judgements_of
from tests import stories
from tests.attacks import golden

HDD = stories.disks("hdd")


def test_every_verdict_is_as_it_was_written_down():
    """A changed verdict under the same names is drift. A new reader or rule set has a new version, and then a new line."""
    kept = json.loads(golden.FILE.read_text(encoding="utf-8"))
    now = golden.verdicts()
    assert len(kept) > 80
    assert {name: now.get(name) for name in kept} == kept
    assert sorted(set(now) - set(kept)) == [], "written down with `python -m tests.attacks.golden`"


def test_the_file_would_notice():
    """The golden lines tell versions of a rule set apart, so that they can fail."""
    kept = json.loads(golden.FILE.read_text(encoding="utf-8"))
    said = {profile: {one[profile] for one in kept.values()} for profile in next(iter(kept.values()))}
    assert all(len(one) > 5 for one in said.values())
    assert any(one["CN-GB46864-2025@2"].split()[0] != one["NIST-800-88r2@1"].split()[0] for one in kept.values())


def test_old_versions_of_a_rule_set_stay():
    for id, version in golden.PROFILES:
        assert (get_profile(id, version).id, get_profile(id, version).version) == (id, version)
    assert get_profile("CN-GB46864-2025").version == "2"


def test_what_was_judged_stays_and_is_shown_beside_what_would_be_said_now(session, sql, unguarded, on_bench, send, wang, zhao, cleared):
    """Nobody turns yesterday's fail into a pass with today's rules, nor the other way round."""
    job_id = on_bench(HDD[0])
    assert send(job_id, HDD[0].log).passed and cleared(job_id)
    page = zhao.client().get(f"/wipes/{job_id}/again").text
    assert "Passed" in page
    with pytest.raises(IntegrityError, match="append-only"):
        sql("UPDATE judgements SET profile_version = '1', verdict = 'fail'")
    unguarded("UPDATE judgements SET profile_version = '1', verdict = 'fail', reasons = '[\"too_few_passes\"]'")
    again = zhao.client().get(f"/wipes/{job_id}/again").text
    assert "Failed" in again and "Passed" in again, "old beside new"
    (one,) = judgements_of(session, job_id)
    assert (one.profile_version, one.verdict) == ("1", "fail"), "and judging again changes nothing"
    session.rollback()


# --- clocks ----------------------------------------------------------------------------------------------------------------


def test_a_second_factor_of_the_future_or_of_long_ago(session, on_bench, send, wang, zhao):
    """A browser's clock doesn't come into it: the server wrote the time, and only ten minutes before now count."""
    job_id = on_bench(HDD[0])
    send(job_id, HDD[0].log)
    wang.client().post(f"/wipes/{job_id}/sign")
    for ago, good in ((timedelta(minutes=11), False), (timedelta(days=-1), False), (timedelta(minutes=9), True)):
        client = zhao.client()
        with client.session_transaction() as cookie:
            cookie["factor_at"] = (clock.now() - ago).isoformat()
        answer = client.post(f"/wipes/{job_id}/verify", data=stories.verify_data(session, job_id))
        assert (answer.location or "").startswith("/certificates/") == good, ago


def test_an_expired_clearance_lists_nothing_even_before_the_sweep(doing, laptop, alice, session):
    from core.goods.models import Item
    from market.listings import actions as selling
    from tests.market_stories import state_of

    with doing(alice) as w:
        offer = selling.Offer(title="X1", price_minor=100000, district="330106")
        listing = selling.draft(w, w.session.get_one(Item, laptop), alice.id, offer, seller_kind="idle").id
    with clock.stopped_at(clock.now() + timedelta(days=400)):
        assert alice.client().post(f"/listings/{listing}/publish").status_code == 409
    assert alice.client().post(f"/listings/{listing}/publish").status_code == 303
    assert state_of(session, listing) == "published"


def test_a_clearance_is_not_lengthened(sql, laptop):
    with pytest.raises(IntegrityError, match="only ends"):
        sql("UPDATE clearances SET valid_until = :t", t=stamp(clock.now() + timedelta(days=4000)))
    with pytest.raises(IntegrityError, match="only ends"):
        sql("UPDATE clearances SET issued_at = :t", t=stamp(clock.now() - timedelta(days=4000)))


@pytest.mark.parametrize(("shift", "flagged"), [(timedelta(minutes=4), False), (timedelta(minutes=6), True), (timedelta(days=30), True)])
def test_a_server_clock_that_went_back_is_flagged(session, doing, sequence, laptop, app, shift, flagged):
    """More than five minutes behind a leaf before it, a leaf is named; the log itself orders by number, not by time."""
    from privacy.clearance.log import checking
    from privacy.clearance.log.leaves import append_leaf

    sequence()
    with clock.stopped_at(clock.now() - shift), doing() as w:
        append_leaf(w, "privacy:evidence:attached", "ab", {"job": "ab"})
    sequence()
    session.rollback()
    found = checking.check(session)
    assert found.ok and bool(found.back_dated) == flagged


def test_the_tools_own_clock_is_a_claim_beside_ours(session, on_bench, send, zhao):
    """A log of last year, or of next year, is shown with its own time and with the time when it was attached: the verifier compares."""
    job_id = on_bench(HDD[0])
    assert send(job_id, HDD[0].log).passed
    (one,) = judgements_of(session, job_id)
    began = one.device["started"]
    assert one.at.isoformat()[:4] == str(clock.now().year) and began
    session.rollback()
    page = zhao.client().get(f"/wipes/{job_id}/verify").text
    assert "tool&#39;s clock" in page or "tool's clock" in page
    assert began in page


def sent_with_the_code(session, send, job_id: str, log: bytes, begun: datetime) -> tuple[str, set[str]]:
    """The job's code typed above the log: the grade that it gets, and the clock findings shown to the verifier."""
    code = session.get_one(WipeJob, job_id).challenge
    session.rollback()
    dated = log.replace(b"[2026/11/22 ", f"[{begun:%Y/%m/%d} ".encode())
    assert send(job_id, code.encode() + b"\n" + dated).passed
    (one,) = judgements_of(session, job_id)
    found = (one.grade, {finding["code"] for finding in one.findings if finding["code"] in CLOCKS})
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        (lambda: clock.now() - timedelta(days=7), {"clock_before_job"}),
        (lambda: datetime(2023, 5, 1, tzinfo=UTC), {"clock_before_job"}),
        (lambda: datetime(1971, 1, 2, tzinfo=UTC), {"clock_before_job", "clock_before_version"}),
    ],
    ids=["a week ago", "years ago", "1971"],
)
def test_a_log_of_another_day_is_flagged_and_the_job_s_code_above_it_binds_nothing(session, on_bench, send, zhao, when, codes):
    """A live system's clock is often behind, so the log still passes: as a file that could be of another day."""
    job_id = on_bench(HDD[0])
    assert sent_with_the_code(session, send, job_id, HDD[0].log, when()) == ("E1", codes)
    page = zhao.client().get(f"/wipes/{job_id}/verify").text
    assert "ran before this job" in page


def test_a_run_of_the_future_is_no_pass(session, on_bench, send):
    job_id = on_bench(HDD[0])
    dated = HDD[0].log.replace(b"[2026/11/22 ", f"[{clock.now() + timedelta(days=3):%Y/%m/%d} ".encode())
    found = send(job_id, dated)
    assert (found.passed, found.reasons) == (False, {"clock_ahead"})
    today = HDD[0].log.replace(b"[2026/11/22 ", f"[{clock.now():%Y/%m/%d} ".encode())
    assert send(job_id, today).passed, "its twin of today"


@pytest.mark.xfail(strict=True, reason="a live system's clock is often behind and a log is text: an old run of this very disk, not used as proof "
                   "before, reads like one of a machine whose clock is wrong. E1, the day by the tool's clock and “before this job began” stand on "
                   "the certificate; counters, the second person's look and drawn recovery tries are for that")  # fmt: skip
def test_a_disk_wiped_last_week_and_used_since_is_told_by_its_log(session, on_bench, send):
    dated = HDD[0].log.replace(b"[2026/11/22 ", f"[{clock.now() - timedelta(days=7):%Y/%m/%d} ".encode())
    assert not send(on_bench(HDD[0]), dated).passed


def test_and_one_of_today_with_the_job_s_code_is_bound_to_it(session, on_bench, send):
    assert sent_with_the_code(session, send, on_bench(HDD[0]), HDD[0].log, clock.now()) == ("E2", set())
