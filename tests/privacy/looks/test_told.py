"""Locks and findings of a tool's file, in words, on the page of the file and on the verifier's."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from privacy.wipes.models import EvidenceFile
from tests import stories
from tests.privacy.devices.test_usage import reading

REPORTS = Path(__file__).resolve().parents[2] / "fixtures" / "wipe" / "reports"
HDD = stories.disks("hdd")


@pytest.fixture
def judged(session, doing, alice, wang, shop):
    """A laptop with a locked phone's file attached by mistake, the drive's own answer, and the wiping log."""
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    locked = reading(HDD[0].serial, 1000, ata_security={"state": 21, "string": "ENABLED", "enabled": True, "frozen": False})
    for raw in ((REPORTS / "synthetic-ideviceinfo-before.txt").read_bytes(), locked, HDD[0].log):
        data = {"files": [(io.BytesIO(raw), "f.txt")]}
        assert wang.client().post(f"/wipes/{job_id}/evidence", data=data, content_type="multipart/form-data").status_code == 303
    files = {one.format: one.id for one in session.scalars(select(EvidenceFile))}
    session.rollback()
    return job_id, files


def plain(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text).replace("&#39;", "'"))


def test_the_page_of_a_file_names_its_locks(judged, wang):
    _job_id, files = judged
    page = plain(wang.client().get(f"/evidence/{files['ideviceinfo']}"))
    assert "Find My" in page and "Passcode" in page
    assert re.search(r"version of the phone's system 17\.6\.1", page), "a name, not \"doesn't say\""
    page = plain(wang.client().get(f"/evidence/{files['smartctl-json']}"))
    assert "Drive password (ATA) on" in page
    page = plain(wang.client().get(f"/evidence/{files['nwipe-log']}"))
    assert "It says nothing about locks." in page and "What its reader noticed" in page
    assert "文件提到的锁" in wang.client(language="zh").get(f"/evidence/{files['smartctl-json']}").text


def test_the_verifier_reads_them_before_deciding(judged, zhao):
    job_id, files = judged
    answer = zhao.client().get(f"/wipes/{job_id}/verify")
    page = plain(answer)
    assert "Find My" in page and "Drive password (ATA) on" in page
    assert f'/evidence/{files["ideviceinfo"]}?line=' in answer.text, "each with the line it rests on"


def test_a_file_that_is_gone_says_so(app, judged, session, zhao):
    job_id, _files = judged
    digest = session.scalars(select(EvidenceFile.digest).where(EvidenceFile.format == "smartctl-json")).one()
    session.rollback()
    path = next(path for path in (app.extensions["xunshi"].data / "files").rglob("*") if digest in path.name or digest in str(path))
    path.unlink()
    assert "missing or changed on the disk" in plain(zhao.client().get(f"/wipes/{job_id}/verify"))
