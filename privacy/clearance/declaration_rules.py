"""Is this model, with this system, one for which its maker has declared what its own wiping function does? Pure.

A declaration is a dated page of a maker, entered by two people. Nothing is guessed: the model has to be named and the version has
to lie within the versions named; a version that can't be read finds nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.data_files import Bilingual
from privacy.wipes.checklist import is_brand, plain_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """From..until, both included: until 16 includes 16.2."""

    first: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """One of the two people who entered a declaration in the program, as papers name them: by role, organisation and time."""

    role: str
    organisation: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a maker says of its own function. `withdrawn`: the day from which it counts no more. `demo`: made up, counts nowhere
    but in demonstrations. `entered_by`: the two names that stand in a file; `entered`: the two people, for one that was entered
    in the program."""

    id: str
    maker: Bilingual
    brands: tuple[str, ...]
    platform: str
    models: tuple[str, ...]
    versions: Versions
    statement: Bilingual
    source: str
    dated: date
    entered_by: tuple[str, ...]
    demo: bool
    withdrawn: date | None = None
    entered: tuple[Entered, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """`status`: listed; other_system (the model is, this version isn't); unread (the version wasn't readable); none."""

    status: str
    declaration: Declaration | None = None

    @property
    def id(self) -> str:
        return self.declaration.id if self.declaration else ""

    @property
    def demo(self) -> bool:
        return self.declaration is not None and self.declaration.demo


NONE = Found("none")
SOURCE = re.compile(r"https://[a-z0-9.-]+/\S*")
VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}")
MADE_UP = ".example/"
_VERSION = re.compile(r"(?<![0-9.])[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}(?![0-9.])")


def read_version(text: str) -> tuple[int, ...] | None:
    """The version in a text as typed ("Android 15", "iOS 18.2"): numbers; None where there is none or more than one."""
    found = _VERSION.findall(text) if text.isascii() else []
    return tuple(int(part) for part in found[0].split(".")) if len(found) == 1 else None


def find_declaration(
    declarations: Iterable[Declaration], *, brand: str, platform: str, model: str, version: str, today: date
) -> Found:
    """The declaration that covers what was read off the device, else why there is none. The newest counts."""
    named = [one for one in declarations if _names(one, brand, platform, model, today)]
    if not named:
        return NONE
    read = read_version(version)
    if read is None:
        return Found("unread")
    fitting = [one for one in named if _within(read, one.versions)]
    return Found("listed", max(fitting, key=lambda one: one.dated)) if fitting else Found("other_system")


def versions_in_order(versions: Versions) -> bool:
    """Are both plain versions, and the first not after the last?"""
    if not VERSION.fullmatch(versions.first) or not VERSION.fullmatch(versions.until):
        return False
    first, until = ([int(part) for part in text.split(".")] for text in (versions.first, versions.until))
    return first <= until


def _names(one: Declaration, brand: str, platform: str, model: str, today: date) -> bool:
    in_time = one.dated <= today and (one.withdrawn is None or today < one.withdrawn)
    models = {plain_word(name) for name in one.models}
    return in_time and one.platform == platform and is_brand(brand, one.brands) and plain_word(model) in models


def _within(read: tuple[int, ...], versions: Versions) -> bool:
    first, until = (tuple(int(part) for part in text.split(".")) for text in (versions.first, versions.until))
    long = max(len(read), len(first))
    padded, least = read + (0,) * (long - len(read)), first + (0,) * (long - len(first))
    return least <= padded and read[: len(until)] + (0,) * (len(until) - len(read)) <= until
