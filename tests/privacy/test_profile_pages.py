"""The rules as people read them, the grade beside each verdict, and judging again without changing anything."""

import re

import pytest
from sqlalchemy import select, text

from core import clock
from core.audit import AuditLine
from core.ids import grouped
from privacy.clearance.profiles import get_profile, profile_ids
from privacy.clearance.queries import certificate_of
from privacy.wipes.models import Judgement
from tests import stories

HDD = stories.disks("hdd")
CN = "CN-GB46864-2025"


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.fixture
def waiting(app, doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    return stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_anybody_reads_the_rules(anonymous, language):
    anonymous.get(f"/language/{language}")
    listed = words(anonymous.get("/profiles"))
    for one in profile_ids():
        answer = anonymous.get(f"/profiles/{one}")
        assert answer.status_code == 200 and get_profile(one).standard in listed
        page, profile = answer.get_data(as_text=True), get_profile(one)
        for row in profile.rows:
            assert f'id="{row.id}"' in page
        told = profile.rows[0].minimum
        assert (told.en if language == "en" else told.zh) in words(answer)
        source = profile.sources[0]
        assert (source.text if language == "en" else source.zh) in words(answer)


def test_which_one_decides_here_is_said(anonymous):
    anonymous.get("/language/en")
    page = words(anonymous.get(f"/profiles/{CN}"))
    assert "Decides here" in page and ("in force yet" in page) == (get_profile(CN).in_force > clock.now().date())
    assert "For comparison only" in words(anonymous.get("/profiles/HK-G3"))
    old = words(anonymous.get(f"/profiles/{CN}?version=1"))
    assert "was replaced" in old and "Decides here" not in old


@pytest.mark.parametrize("path", ["/profiles/CN", f"/profiles/{CN}?version=9", f"/profiles/{CN}?version=../1", "/profiles/..%2fx"])
def test_rules_that_are_not_kept_are_not_found(anonymous, path):
    assert anonymous.get(path).status_code == 404


def test_owner_and_verifier_see_the_grade_and_the_comparison(waiting, alice, zhao):
    for path, who in ((f"/wipes/{waiting}", alice), (f"/wipes/{waiting}/verify", zhao)):
        page = words(who.client().get(path))
        assert "E1" in page and "could be of another day" in page
        assert "For comparison only" in page and "HK-G3 1" in page and "NIST-800-88r2 1" in page
        assert "level Clear" in page and "challenge code" in page


def test_the_bench_says_how_the_code_gets_into_the_file(doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    code = session.scalars(select(text("challenge")).select_from(text("wipe_jobs"))).one()
    page = words(wang.client().get(f"/wipes/{job_id}/bench"))
    assert "--challenge" in page and grouped(code) in page


def test_the_certificate_says_how_strong_its_proof_is(app, doing, session, alice, wang, zhao, shop, anonymous):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    number = certificate_of(session, item_id).number
    session.rollback()
    anonymous.get("/language/en")
    page = words(anonymous.get(f"/certificates/{number}"))
    assert "E1. A tool&#39;s file that could be of another day" in page or "E1. A tool's file that could be of another day" in page
    assert "holds against ordinary means" in page and "designed to meet GB 46864-2025" in page
    assert f"/profiles/{CN}?version=2" in anonymous.get(f"/certificates/{number}").get_data(as_text=True)
    assert "unrecoverable" not in page


# --- judging again -------------------------------------------------------------------------------------------------------


def test_judging_again_shows_both_and_changes_nothing(session, waiting, wang, zhao, ines):
    before = session.execute(text("SELECT * FROM judgements")).mappings().all()
    for who in (wang, zhao, ines):
        page = words(who.client().get(f"/wipes/{waiting}/again"))
        assert "On record" in page and "Today" in page and "would be the same today" in page
    session.rollback()
    assert session.execute(text("SELECT * FROM judgements")).mappings().all() == before
    lines = session.scalars(select(AuditLine).where(AuditLine.word == "privacy:job:judged_again")).all()
    assert len(lines) == 3 and lines[0].facts == {"judgements": 1, "changed": 0}


def test_a_verdict_that_would_be_another_today_is_marked(app, session, waiting, zhao, monkeypatch):
    """As if the rules had become stricter since."""
    from dataclasses import replace

    from privacy.wipes.views import again

    stricter = replace(get_profile(CN), version="3", rows=(), media=tuple(replace(one, least_passes=9) for one in get_profile(CN).media))
    monkeypatch.setattr(again, "get_profile", lambda *_: stricter)
    page = words(zhao.client().get(f"/wipes/{waiting}/again"))
    assert "1 verdict would be another today" in page and f"{CN} 3" in page and "fewer times" in page
    session.rollback()
    assert session.scalars(select(Judgement.verdict)).all() == ["pass"]


def test_a_file_that_is_gone_is_said_and_never_passes(app, session, waiting, zhao):
    digest = session.scalars(select(Judgement.digest)).one()
    session.rollback()
    for path in (app.extensions["xunshi"].data / "files").rglob(f"*{digest[4:]}*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"changed")
    page = words(zhao.client().get(f"/wipes/{waiting}/again"))
    assert "missing or changed" in page and "1 verdict would be another today" in page


def test_owner_and_strangers_do_not_judge_again(waiting, alice, charlie, anonymous):
    assert alice.client().get(f"/wipes/{waiting}/again").status_code == 403
    assert charlie.client().get(f"/wipes/{waiting}/again").status_code == 403
    assert anonymous.get(f"/wipes/{waiting}/again").status_code in (302, 303, 401)


def test_there_is_no_door_to_overrule_a_verdict(house):
    doors = [rule.rule for rule in house.url_map.iter_rules() if rule.rule.startswith("/profiles") or rule.rule.endswith("<job_id>/again")]
    assert doors and all(rule.methods <= {"GET", "HEAD", "OPTIONS"} for rule in house.url_map.iter_rules() if rule.rule in doors)
