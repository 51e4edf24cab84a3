"""The pages about a device itself: counting, taking out, destroying, work after the wipe, counters, and its record."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from core.decoding import LARGEST_BYTES as PHOTO_MOST
from core.page import Page
from privacy.evidence.readers.text import LARGEST

blueprint = Blueprint("devices", __name__)


@dataclass(frozen=True, kw_only=True)
class StepPage(Page):
    """One step with one form. `facts`: what to compare before it; `photos`: names of the form's photo fields."""

    template = "privacy/device_step.html"
    title: str
    lead: str
    kicker: str
    facts: list[tuple[str, str]]
    photos: list[tuple[str, str]]
    form: Any
    submit: str
    back: str
    tone: str = "primary"
    photo_fields: tuple[str, ...] = ("photo",)


def photo_of(field: FileField) -> bytes:
    """The uploaded bytes, none when no file was chosen; a little more than allowed is enough to be refused."""
    sent: FileStorage | None = field.data
    return sent.stream.read(PHOTO_MOST + 1) if sent else b""


def file_of(field: FileField) -> bytes:
    sent: FileStorage | None = field.data
    return sent.stream.read(LARGEST + 1) if sent else b""


def files_of(field: FileField, most: int = 8) -> list[bytes]:
    """The same of several files, empty choices left out."""
    found = [sent.stream.read(LARGEST + 1) for sent in (field.data or [])[:most] if sent]
    return [raw for raw in found if raw]


def commands(code: str) -> list[tuple[str, str]]:
    """How a bench puts the code into the file."""
    link = f"/tmp/{code}"  # noqa: S108  (a line to copy, run by nobody here)
    return [
        (_("smartctl, through a link that is named by the code"), f"ln -sf /dev/sdX {link}; smartctl -x -j {link} > {code}.json"),
        (_("Station tool"), f"python -m privacy.station collect /dev/sdX --challenge {code} --key STATION.key --out {code}.json"),
    ]
