"""What is changed while a rebuild runs: kept in a file, for the new generation to catch up."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from market.search.documents import Changes, Document


class Journal:
    """It exists while a rebuild runs. Written under the folder's write lock, one line for each call of `apply`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_open(self) -> bool:
        return self._path.exists()

    def open(self) -> None:
        self._path.write_bytes(b"")

    def close(self) -> None:
        self._path.unlink(missing_ok=True)

    def note(self, changes: Changes) -> None:
        line = {"upserts": [_packed(document) for document in changes.upserts], "deletes": changes.deletes}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def noted(self) -> Iterator[Changes]:
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                kept = json.loads(line)
                yield Changes(tuple(map(_unpacked, kept["upserts"])), tuple(kept["deletes"]))


def _packed(document: Document) -> dict[str, Any]:
    return asdict(document) | {"published_at": document.published_at.isoformat()}


def _unpacked(kept: dict[str, Any]) -> Document:
    published_at = datetime.fromisoformat(kept["published_at"])
    return Document(**(kept | {"published_at": published_at, "attributes": tuple(kept["attributes"])}))
