"""Killed processes, full disks, damaged files, two writers: the index is as before, or asks for a rebuild."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from market.search import index_folder
from market.search.documents import Changes, Document, Query
from market.search.engine import IndexBusy, NeedsRebuild
from market.search.whoosh_engine import WhooshEngine
from market.search.whoosh_files import DurableStorage
from tests.market.search.conftest import thing

pytestmark = pytest.mark.slow  # seconds a test; `make quick` leaves it out, CI runs it

Fresh = Callable[[Iterable[Document]], WhooshEngine]
ROOT = Path(__file__).resolve().parents[3]
# Another process of the market: writes listings one by one and says so after each, until it is stopped.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from market.search import index_folder
from market.search.documents import Changes, Document
from market.search.whoosh_files import DurableStorage
from market.search.whoosh_engine import WhooshEngine
folder, name, count = sys.argv[1:]
engine = WhooshEngine(Path(folder), patience=30)
def listing(n):
    return Document(id=f"{name}{n}", title=f"lamp {name} {n}", published_at=datetime(2026, 10, 1, tzinfo=UTC))
if name == "rebuild":
    engine.rebuild(print(n, flush=True) or listing(n) for n in range(int(count)))
for n in range(int(count)):
    engine.apply(Changes((listing(n),)))
    print(n, flush=True)
"""


def start(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> list[int]:
    """Kill without warning; return what it had reported as written."""
    os.kill(process.pid, signal.SIGKILL)
    said, _ = process.communicate()
    return [int(line) for line in said.splitlines()]


def found(engine: WhooshEngine, text: str) -> int:
    return engine.search(Query(text=text, per_page=100)).total


def test_all_that_a_commit_names_is_on_disk_before_it(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = fresh([])
    steps: list[str] = []
    synced, renamed = index_folder._sync, os.rename
    monkeypatch.setattr(index_folder, "_sync", lambda path: (steps.append(path.name), synced(path)))
    monkeypatch.setattr(os, "rename", lambda old, new: (steps.append("commit"), renamed(old, new)))
    engine.apply(Changes((thing("a", "lamp"),)))
    before, after = steps[: steps.index("commit")], steps[steps.index("commit") + 1 :]
    assert any(name.endswith(".seg") for name in before) and any(".toc." in name for name in before)
    assert after == ["g000001"], "and then the folder that holds the new name"


@pytest.mark.parametrize("step", ["create_file", "rename_file"])
def test_a_full_disk_changes_nothing(fresh: Fresh, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    engine = fresh([thing("old", "lamp old")])

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(DurableStorage, step, full)
        with pytest.raises(OSError, match="no space"):
            engine.apply(Changes((thing("new", "lamp new"),), ("old",)))
        assert found(engine, "lamp old") == 1
    engine.apply(Changes((thing("new", "lamp new"),), ("old",)))
    assert (found(engine, "lamp new"), found(engine, "lamp old")) == (1, 0)


@pytest.mark.parametrize("delay", [0.0, 0.011, 0.023])
def test_a_writer_killed_in_the_middle_loses_nothing_it_had_reported(
    fresh: Fresh, tmp_path: Path, delay: float
) -> None:
    engine = fresh([thing("old", "lamp old")])
    process = start(tmp_path / "index", "w", 10_000)
    assert process.stdout is not None
    first = [int(process.stdout.readline()) for _ in range(3)]
    time.sleep(delay)
    reported = first + kill(process)
    total = found(engine, "lamp w")
    assert total in (len(reported), len(reported) + 1), "the one in the making is there whole, or not at all"
    assert found(engine, "lamp old") == 1
    # The dead writer's lock and leftovers are in nobody's way.
    engine.apply(Changes((thing("new", "lamp new"),), ("old",)))
    assert found(engine, "lamp new") == 1
    assert engine.rebuild([thing("x", "lamp x")]).documents == 1
    assert found(engine, "lamp") == 1


def test_a_rebuild_killed_in_the_middle_leaves_the_old_index(fresh: Fresh, tmp_path: Path) -> None:
    engine = fresh([thing("old", "lamp old")])
    process = start(tmp_path / "index", "rebuild", 10_000_000)
    assert process.stdout is not None
    process.stdout.readline()
    engine.apply(Changes((thing("new", "lamp new"),)))
    journal = tmp_path / "index" / "journal.jsonl"
    assert "lamp new" in journal.read_text(), "kept for the rebuild that is under way"
    kill(process)
    engine.apply(Changes((thing("newer", "lamp newer"),)))
    assert not journal.exists(), "its rebuild has died"
    assert found(engine, "lamp") == 3
    engine.rebuild([thing("x", "lamp x")])
    assert found(engine, "lamp") == 1
    assert len(list((tmp_path / "index").glob("g*"))) == 2


def test_two_processes_write_at_once(fresh: Fresh, tmp_path: Path) -> None:
    engine = fresh([])
    processes = [start(tmp_path / "index", name, 8) for name in ("a", "b")]
    for number in range(8):
        engine.apply(Changes((thing(f"c{number}", f"lamp c {number}"),)))
    assert [process.wait(60) for process in processes] == [0, 0]
    for process in processes:
        process.communicate()
    assert found(engine, "lamp") == 24


def test_a_writer_that_does_not_come_to_an_end_is_named(fresh: Fresh, tmp_path: Path) -> None:
    engine = fresh([thing("a", "lamp")])
    impatient = WhooshEngine(tmp_path / "index", patience=0.05)
    with engine._folder.writing(), pytest.raises(IndexBusy, match=r"write\.lock"):
        impatient.apply(Changes(deletes=("a",)))
    assert impatient.search(Query(text="lamp")).total == 1, "reading needs no lock"
    impatient.apply(Changes(deletes=("a",)))
    assert impatient.search(Query(text="lamp")).total == 0
    same_process = WhooshEngine(tmp_path / "index", patience=0.05)
    with same_process._folder.writing(), pytest.raises(IndexBusy, match="thread"):
        same_process.apply(Changes(deletes=("a",)))


def generation(root: Path) -> Path:
    folder = json.loads((root / "current.json").read_text())["folder"]
    assert isinstance(folder, str)
    return root / folder


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "pointer is rubbish": lambda root: (root / "current.json").write_bytes(b"\xff\x00{"),
    "pointer is empty": lambda root: (root / "current.json").write_bytes(b""),
    "pointer is another thing": lambda root: (root / "current.json").write_text("[1]"),
    "pointer is gone": lambda root: (root / "current.json").unlink(),
    "contents are gone": lambda root: [path.unlink() for path in generation(root).glob("*.toc")],
    "contents are cut": lambda root: [cut(path) for path in generation(root).glob("*.toc")],
    "contents are rubbish": lambda root: [p.write_bytes(b"x" * 500) for p in generation(root).glob("*.toc")],
    "segments are gone": lambda root: [path.unlink() for path in generation(root).glob("*.seg")],
    "segments are cut": lambda root: [cut(path) for path in generation(root).glob("*.seg")],
    "segments are empty": lambda root: [path.write_bytes(b"") for path in generation(root).glob("*.seg")],
    "folder is gone": lambda root: [
        [path.unlink() for path in generation(root).iterdir() if path.is_file()],
        generation(root).rename(root / "lost"),
    ],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_asks_for_a_rebuild_and_gets_it(fresh: Fresh, tmp_path: Path, damage: str) -> None:
    fresh([thing(f"{n}", f"lamp {n}") for n in range(5)]).close()
    DAMAGES[damage](tmp_path / "index")
    engine = WhooshEngine(tmp_path / "index")
    with pytest.raises(NeedsRebuild):
        engine.search(Query(text="lamp"))
    with pytest.raises(NeedsRebuild):
        engine.apply(Changes((thing("a", "chair"),)))
    assert engine.rebuild([thing("a", "chair")]).documents == 1
    assert found(engine, "chair") == 1


def test_rubbish_inside_a_segment_is_an_answer_or_a_rebuild_never_another_fault(
    fresh: Fresh, tmp_path: Path
) -> None:
    fresh([thing(f"{n}", f"lamp shade {n}", body="warm light") for n in range(20)]).close()
    (segment,) = generation(tmp_path / "index").glob("*.seg")
    sound, rng, asked = segment.read_bytes(), random.Random(5), 0
    for _ in range(60):
        place = rng.randrange(len(sound) - 4)
        segment.write_bytes(sound[:place] + rng.randbytes(4) + sound[place + 4 :])
        engine = WhooshEngine(tmp_path / "index")
        try:
            engine.search(Query(text="lamp", per_page=50))
        except NeedsRebuild:
            asked += 1
        engine.close()
    assert asked > 0
