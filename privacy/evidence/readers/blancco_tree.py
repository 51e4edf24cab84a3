"""A Blancco report as one kind of tree, whether it is XML (`entries` and `entry` with names) or JSON (lists of small objects)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from privacy.evidence.readers.doc import Json, Malformed
from privacy.evidence.readers.text import visible

LONGEST_WORD = 200
MOST_PARTS = 50_000
_WRAPPERS = ("entries", "entry")


@dataclass(slots=True)
class Node:
    """A named part: its own text, if it has one, and what is in it, in order."""

    name: str
    text: str | None = None
    parts: list["Node"] = field(default_factory=list)

    def all(self, name: str) -> list["Node"]:
        """The parts of this name, one level down."""
        return [part for part in self.parts if part.name == name]

    def deep(self, *names: str) -> Iterator["Node"]:
        """Every part of one of these names, however deep."""
        left = list(reversed(self.parts))
        while left:
            one = left.pop()
            if one.name in names:
                yield one
            left += reversed(one.parts)

    def word(self, *names: str) -> str | None:
        """The text of the first part with one of these names, one level down."""
        found = (part.text for name in names for part in self.all(name) if part.text)
        return next(found, None)


def from_xml(element: Element) -> Node:
    """`<entry name="serial">X</entry>` is named serial; every other element by its tag."""
    root = Node(_name(element), _shown(element.text))
    left = [(root, element)]
    while left:
        node, inner = left.pop()
        for child in inner:
            part = Node(_name(child), _shown(child.text))
            node.parts.append(part)
            left.append((part, child))
    return root


def _name(element: Element) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return element.get("name") or tag if tag in _WRAPPERS else tag


def from_json(value: Json, name: str = "") -> Node:
    """Objects and lists of objects are the same here; a list's objects are merged, one of a list's lists too."""
    root = Node(name)
    left: list[tuple[Node, Json]] = [(root, value)]
    count = 0
    while left:
        node, inner = left.pop()
        count += 1
        if count > MOST_PARTS:
            raise Malformed("too many parts")
        if isinstance(inner, dict):
            for key, child in inner.items():
                part = Node(key, _shown(str(child)) if isinstance(child, str | int | float) else None)
                node.parts.append(part)
                left.append((part, child))
        elif isinstance(inner, list):
            left += [(node, child) for child in reversed(inner) if isinstance(child, dict | list)]
    return root


def _shown(text: str | None) -> str | None:
    return visible(text).strip() or None if text is not None and len(text) <= LONGEST_WORD else None
