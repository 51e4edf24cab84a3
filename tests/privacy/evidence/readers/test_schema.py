"""What the command prints about every kind of file has the shape that docs/schemas promises."""

import json
from pathlib import Path

import pytest

from privacy.evidence.model import Unreadable, as_json
from privacy.evidence.readers import read
from tests.harness.json_shape import misfits, schema
from tests.privacy.evidence.readers.answers import FOLDER

FILES = sorted(path for path in FOLDER.iterdir() if path.name not in ("README.md", "manifest.json", "station-keys.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_s_json_has_the_promised_shape(path: Path):
    try:
        shown = {"file": path.name, **(as_json(read(path.read_bytes())) or {})}
    except Unreadable:
        return
    assert misfits(json.loads(json.dumps([shown])), schema("evidence-read")) == []


def test_the_station_keys_are_the_fixtures_own():
    keys = json.loads((FOLDER / "station-keys.json").read_text(encoding="utf-8"))
    assert len(keys) == 1 and all(len(public) == 64 for public in keys.values())
