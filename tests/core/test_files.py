"""What was stored comes back whole, or says that it can't."""

import hashlib
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.files import Damaged, FolderStore, NotStored
from tests.soak import soak

LOG = b"nwipe 0.38 ... Erased"
NAME = hashlib.sha256(LOG).hexdigest()


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


def test_bytes_are_found_under_their_own_digest(store):
    assert not store.exists(NAME)
    assert store.put(LOG, "evidence") == NAME
    assert store.exists(NAME)
    assert store.get(NAME) == LOG
    assert list(store.digests("evidence")) == [NAME]
    assert list(store.digests("photo")) == []


@given(data=st.binary(max_size=200), kind=st.sampled_from(["photo", "evidence", "pdf"]))
@settings(max_examples=soak(400), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_goes_in_comes_out(store, data, kind):
    assert store.get(store.put(data, kind)) == data


def test_files_are_private_read_only_and_spread_over_folders(store):
    store.put(LOG, "evidence")
    path = store.root / "evidence" / NAME[:2] / NAME[2:4] / NAME
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == [NAME]


def test_a_change_on_the_disk_is_noticed_and_healed_by_storing_again(store):
    store.put(LOG, "evidence")
    path = next(store.root.rglob(NAME))
    path.chmod(0o600)
    path.write_bytes(LOG.replace(b"Erased", b"FAILED"))
    with pytest.raises(Damaged):
        store.get(NAME)
    store.put(LOG, "evidence")
    assert store.get(NAME) == LOG
    assert path.stat().st_mode & 0o777 == 0o400


def test_one_whole_copy_is_enough(store):
    store.put(LOG, "evidence")
    store.put(LOG, "export")
    damaged = store.root / "evidence" / NAME[:2] / NAME[2:4] / NAME
    damaged.chmod(0o600)
    damaged.write_bytes(b"")
    assert store.get(NAME) == LOG


def test_removing_one_kind_leaves_the_other(store):
    store.put(LOG, "photo")
    store.put(LOG, "evidence")
    assert store.remove(NAME, "photo") is True
    assert store.remove(NAME, "photo") is False
    assert store.get(NAME) == LOG
    assert store.remove(NAME, "evidence") is True
    with pytest.raises(NotStored):
        store.get(NAME)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        NAME.upper(),
        NAME + "/",
        NAME[:-1],
        NAME[:-1] + "\n",
        f"../{NAME}",
        "0" * 64,
    ],
)
def test_what_is_no_stored_digest_is_not_found(store, text):
    store.put(LOG, "evidence")
    assert not store.exists(text)
    assert store.remove(text, "evidence") is False
    with pytest.raises(NotStored):
        store.get(text)


@pytest.mark.parametrize("kind", ["", "..", "../x", "a/b", "Photo", "photo ", ".hidden", "/etc"])
def test_a_kind_is_a_plain_word(store, kind):
    for ask in (
        lambda: store.put(LOG, kind),
        lambda: store.remove(NAME, kind),
        lambda: list(store.digests(kind)),
    ):
        with pytest.raises(ValueError, match="kind"):
            ask()


def test_a_crash_while_writing_leaves_nothing_under_the_name(store, monkeypatch):
    def crash(handle):
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", crash)
        with pytest.raises(OSError, match="full"):
            store.put(LOG, "evidence")
    assert not store.exists(NAME)
    assert not [path for path in store.root.rglob("*") if path.is_file()]
    assert store.get(store.put(LOG, "evidence")) == LOG
