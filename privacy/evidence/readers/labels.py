"""Text of the kind `label: value` under headings, for the readers of tools that print so."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from privacy.evidence.readers.text import LONGEST_LINE, visible

LONGEST_LABEL = 72
MOST_LINES = 2_000  # of a section; a controller's identity has 150


@dataclass(slots=True)
class Section:
    """What stands under one heading. A label that stands there twice is kept twice: which one is true can't be told."""

    title: str
    line: int
    said: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    plain: list[tuple[str, int]] = field(default_factory=list)
    taken: int = 0

    @property
    def is_cut(self) -> bool:
        """Was it longer than any tool's?"""
        return self.taken > MOST_LINES

    def get(self, *labels: str) -> str | None:
        """The first value under one of these labels; None if there is none, or an empty one."""
        return next((visible(self.said[label][0][0]).strip() or None for label in labels if label in self.said), None)

    def line_of(self, *labels: str) -> tuple[int, ...]:
        return tuple(line for label in labels for _, line in self.said.get(label, []))

    def twice(self, labels: Sequence[str]) -> tuple[int, ...]:
        """Lines of labels that stand there with different values."""
        unlike = [label for label in labels if len({value.strip() for value, _ in self.said.get(label, [])}) > 1]
        return self.line_of(*unlike)


def sections(lines: Sequence[str], title_of: Callable[[str], str | None]) -> Iterator[Section]:
    """The headed parts of the text, in order; what stands above the first heading is left out."""
    current: Section | None = None
    for number, line in enumerate(lines, 1):
        if not line or len(line) > LONGEST_LINE:
            continue
        if (title := title_of(line)) is not None:
            if current is not None:
                yield current
            current = Section(title, number)
        elif current is not None:
            take(current, number, line)
    if current is not None:
        yield current


def take(section: Section, number: int, line: str) -> None:
    """Sort one more line into the section, unless it is full."""
    section.taken += 1
    if section.is_cut:
        return
    label, colon, value = line.replace("：", ":").partition(":")  # Chinese Windows prints either
    label = label.strip()
    if colon and label and len(label) <= LONGEST_LABEL and value[:1] in ("", " ", "\t"):
        section.said.setdefault(label, []).append((value, number))
    else:
        section.plain.append((line, number))


def number_in(text: str | None) -> int | None:
    """A whole number, decimal or 0x; thousands may be set apart by commas, as some locales do. None for anything else."""
    words = (text or "").split()
    if not words or len(words[0]) > 60:
        return None
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,32}", words[0]):
        return int(words[0], 16)
    if re.fullmatch(r"[0-9]{1,40}|[0-9]{1,3}(?:,[0-9]{3}){1,13}", words[0]):
        return int(words[0].replace(",", ""))
    return None
