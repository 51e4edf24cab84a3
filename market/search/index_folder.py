"""The folder in which the index lives: generations side by side, and locks that die with their owner.

* `current.json` names the generation in use and what made it; it is replaced in one step
* `g000007/` is a generation, written by Whoosh
* `write.lock` is held while anything is changed, `rebuild.lock` while a rebuild runs
* `journal.jsonl` keeps what is changed while a rebuild runs
"""

import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

from whoosh.util.filelock import FileLock, try_for

from market.search.analyser import analyser_version
from market.search.documents import Changes
from market.search.engine import IndexBusy, NeedsRebuild
from market.search.journal import Journal


@cache
def made_by() -> str:
    """What an index of this program is made with; any other index can't be read safely."""
    return f"{analyser_version()}-whoosh{version('whoosh3')}"


class IndexFolder:
    """`patience` is how many seconds to wait for another writer."""

    def __init__(self, root: Path, patience: float) -> None:
        self.root, self._patience = root, patience
        self.journal = Journal(root / "journal.jsonl")
        self._queue = threading.Lock()

    def current(self) -> Path:
        """The generation in use. Raises NeedsRebuild if there is none, or if another analyser made it."""
        try:
            state = json.loads((self.root / "current.json").read_bytes())
            folder, maker = self.root / str(state["folder"]), state["made_by"]
        except FileNotFoundError:
            raise NeedsRebuild("there is none yet") from None
        except (OSError, ValueError, KeyError, TypeError) as damage:
            raise NeedsRebuild(f"current.json can't be read ({damage})") from damage
        if maker != made_by():
            raise NeedsRebuild(f"it was made by {maker}, this program is {made_by()}")
        return folder

    def next_generation(self) -> Path:
        """A new empty folder beside the others; what an interrupted rebuild left is cleared away."""
        used = self._named_current()
        for left in self._generations():
            if used is None or left.name > used:
                shutil.rmtree(left, ignore_errors=True)
        last = max((int(folder.name[1:]) for folder in self._generations()), default=0)
        folder = self.root / f"g{last + 1:06}"
        folder.mkdir()
        return folder

    def switch(self, folder: Path) -> None:
        """Make a generation the current one. The one before stays for readers that are just opening it."""
        before = self._named_current()
        fresh = self.root / "current.json.new"
        fresh.write_text(json.dumps({"folder": folder.name, "made_by": made_by()}))
        sync_files(self.root, [fresh.name])
        fresh.replace(self.root / "current.json")
        sync_folder(self.root)
        for old in self._generations():
            if old.name not in (before, folder.name):
                shutil.rmtree(old, ignore_errors=True)

    def discard(self, folder: Path) -> None:
        """Remove a generation, unless it has become the current one."""
        if folder.name != self._named_current():
            shutil.rmtree(folder, ignore_errors=True)

    def _named_current(self) -> str | None:
        try:
            return str(json.loads((self.root / "current.json").read_bytes())["folder"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _generations(self) -> list[Path]:
        return sorted(path for path in self.root.glob("g[0-9]*") if path.name[1:].isdigit())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Alone among all threads and processes. Raises IndexBusy when another does not finish in time."""
        if not self._queue.acquire(timeout=self._patience):
            raise IndexBusy(f"another thread has been writing {self.root} for {self._patience} s")
        try:
            with self._held("write.lock", self._patience):
                yield
        finally:
            self._queue.release()

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """One rebuild at a time; the moment in which a writer looks whether one runs is waited out."""
        with self._held("rebuild.lock", 1.0):
            yield

    @contextmanager
    def _held(self, name: str, patience: float) -> Iterator[None]:
        """The operating system's lock on a file: it ends with its process, a file left behind is no lock."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.root / name))
        if not try_for(lock.acquire, timeout=patience, delay=0.005):
            raise IndexBusy(f"another process holds {self.root / name}, waited {patience} s")
        try:
            yield
        finally:
            lock.release()

    def note(self, changes: Changes) -> None:
        """Keep changes for a running rebuild; without one nothing is kept. Called while writing."""
        if not self.journal.is_open():
            return
        try:
            with self._held("rebuild.lock", 0.0):
                self.journal.close()  # the rebuild that opened it has died
        except IndexBusy:
            self.journal.note(changes)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    _sync(folder)


def sync_files(folder: Path, names: Iterable[str]) -> None:
    """Make the contents of files durable; those already removed again don't matter."""
    for name in names:
        if (folder / name).exists():
            _sync(folder / name)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
