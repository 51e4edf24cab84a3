"""A house made and filled by the public commands alone: `flask prepare`, `flask demo`."""

import shutil
from pathlib import Path

import pytest

from tests.independent.running import process


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its data folder; never changed: take a copy."""
    folder = tmp_path_factory.mktemp("lived_in") / "data"
    prepared = process("flask", "prepare", data=folder)
    assert prepared.code == 0, prepared.err[-2000:]
    filled = process("flask", "demo", data=folder, timeout=600)
    assert filled.code == 0, filled.err[-2000:]
    return folder


@pytest.fixture
def copied(lived_in: Path, tmp_path: Path) -> Path:
    shutil.copytree(lived_in, tmp_path / "data")
    return tmp_path / "data"
