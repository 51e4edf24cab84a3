"""The words of manage_bde.toml, read once."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("manage_bde.toml")


@dataclass(frozen=True, slots=True)
class Words:
    """`tool` are the beginnings of the first line, `volume` of a volume's; `meaning[label][printed]` is our word for it."""

    tool: tuple[str, ...]
    volume: tuple[str, ...]
    none_found: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]
    meaning: dict[str, dict[str, str]]

    @property
    def all_labels(self) -> tuple[str, ...]:
        return tuple(label for labels in self.labels.values() for label in labels)


def _turned(kinds: dict[str, list[str]]) -> dict[str, str]:
    return {printed: ours for ours, all_printed in kinds.items() for printed in all_printed}


@functools.cache
def words() -> Words:
    """Both languages together."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    meaning = {label: _turned(kinds) for label, kinds in raw["words"].items()}
    labels = {name: tuple(printed) for name, printed in raw["labels"].items()}
    return Words(tuple(raw["tool"]), tuple(raw["volume"]), tuple(raw["none_found"]), labels, meaning)
