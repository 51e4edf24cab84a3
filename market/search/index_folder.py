"""The folder in which the index lives: generations side by side, one of them current, locks that die with their owner.

    current.json    names the generation in use and what made it; replaced in one step
    g000007/        a generation, written by Whoosh
    write.lock      held while anything is changed; rebuild.lock while a rebuild runs
    journal.jsonl   what was changed while a rebuild runs, for the new generation to catch up
"""

import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from whoosh.util.filelock import FileLock, try_for

from market.search.analyser import analyser_version
from market.search.documents import Changes, Document
from market.search.engine import IndexBusy, NeedsRebuild


@cache
def made_by() -> str:
    """What an index of this program is made with; any other index can't be read safely."""
    return f"{analyser_version()}-whoosh{version('whoosh3')}"


class IndexFolder:
    """`patience` is how many seconds to wait for another writer."""

    def __init__(self, root: Path, patience: float) -> None:
        self.root, self._patience = root, patience
        self._queue = threading.Lock()

    def current(self) -> Path:
        """The generation in use. Raises NeedsRebuild if there is none, or if another program's analyser made it."""
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
        self.root.mkdir(parents=True, exist_ok=True)
        used = self._named_current()
        for left in self._generations():
            if used is None or left.name > used:
                shutil.rmtree(left, ignore_errors=True)
        last = max((int(folder.name[1:]) for folder in self._generations()), default=0)
        folder = self.root / f"g{last + 1:06}"
        folder.mkdir()
        return folder

    def switch(self, folder: Path) -> None:
        """Make a generation the current one. The one before stays a while for readers that are opening it."""
        before = self._named_current()
        fresh = self.root / "current.json.new"
        with fresh.open("w") as file:
            json.dump({"folder": folder.name, "made_by": made_by()}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.root / "current.json")
        sync_folder(self.root)
        for old in self._generations():
            if old.name not in (before, folder.name):
                shutil.rmtree(old, ignore_errors=True)

    def _named_current(self) -> str | None:
        try:
            return str(json.loads((self.root / "current.json").read_bytes())["folder"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _generations(self) -> list[Path]:
        return sorted(path for path in self.root.glob("g[0-9]*") if path.name[1:].isdigit())

    # -- locks ------------------------------------------------------------------------------------------------------

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
        """A lock of the operating system on a file: it ends with its process, a file left behind locks nothing."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.root / name))
        if not try_for(lock.acquire, timeout=patience, delay=0.005):
            raise IndexBusy(f"another process holds {self.root / name}, waited {patience} s")
        try:
            yield
        finally:
            lock.release()

    # -- what changes while a rebuild runs --------------------------------------------------------------------------

    @property
    def _journal(self) -> Path:
        return self.root / "journal.jsonl"

    def open_journal(self) -> None:
        self._journal.write_bytes(b"")

    def close_journal(self) -> None:
        self._journal.unlink(missing_ok=True)

    def note(self, changes: Changes) -> None:
        """Keep changes for a running rebuild. Called while writing; without a rebuild nothing is kept."""
        if not self._journal.exists():
            return
        try:
            with self._held("rebuild.lock", 0.0):
                self.close_journal()  # the rebuild that opened it has died
        except IndexBusy:
            line = {"upserts": [_packed(document) for document in changes.upserts], "deletes": changes.deletes}
            with self._journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")

    def noted(self) -> Iterator[Changes]:
        with self._journal.open(encoding="utf-8") as file:
            for line in file:
                kept = json.loads(line)
                yield Changes(tuple(map(_unpacked, kept["upserts"])), tuple(kept["deletes"]))


def _packed(document: Document) -> dict[str, Any]:
    return asdict(document) | {"published_at": document.published_at.isoformat()}


def _unpacked(kept: dict[str, Any]) -> Document:
    published_at = datetime.fromisoformat(kept["published_at"])
    return Document(**(kept | {"published_at": published_at, "attributes": tuple(kept["attributes"])}))


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_files(folder: Path, names: Iterable[str]) -> None:
    """Make the contents of files durable; those already removed again don't matter."""
    for name in names:
        try:
            handle = os.open(folder / name, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
