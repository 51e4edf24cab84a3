"""A reading counts only if it was made for this: a file nobody brought before, after the moment in question, that doesn't
contradict itself, and carries the code it was asked for with, where the tool has room for one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Invalid, Refused
from core.i18n import N_
from privacy.clearance.grade import carries
from privacy.devices.reading_models import UsageSnapshot
from privacy.devices.reading_time import span_of
from privacy.evidence.model import DeviceRow, Evidence
from privacy.looks.models import SecondLook
from privacy.wipes.models import EvidenceFile

# whose device name is what was typed: a link that is named by the code carries it
NAMED = frozenset({"smartctl-json"})
KNOWN = N_("This very file was brought before. Read the device again now, and bring the new file.")


def is_known(session: Session, digest: str) -> bool:
    """Is this file on record already: as a tool's file, a reading, or a verifier's look?"""
    places = (EvidenceFile.digest, UsageSnapshot.digest, SecondLook.digest)
    return any(session.scalars(select(place).where(place == digest).limit(1)).first() is not None for place in places)


def demand_new(session: Session, digest: str) -> None:
    """Raises Refused for a file that is on record already."""
    if is_known(session, digest):
        raise Refused("known_file", KNOWN, field="file")


def demand_whole(evidence: Evidence) -> None:
    """Raises Invalid for a file that contradicts itself."""
    if evidence.has("contradiction"):
        raise Invalid("contradiction", N_("The file contradicts itself, so it isn't what a tool has written."), field="file")


def demand_since(evidence: Evidence, row: DeviceRow, since: datetime, now: datetime) -> None:
    """Raises Invalid for a reading from before `since`, from the future, or without a time."""
    span = span_of(evidence, row)
    if span is None:
        raise Invalid("no_time", N_("The file doesn't say when it was read, so it could be of any day."), field="file")
    if span.before(since):
        raise Invalid("too_old", N_("It was read before it was asked for. Read the device again now."), field="file")
    if span.after(now):
        raise Invalid("ahead", N_("It was read later than now: set the bench's clock and read the device again."), field="file")


def carries_code(evidence: Evidence, row: DeviceRow, code: str) -> bool | None:
    """None where the tool has no room for a code."""
    names = [row.node] if evidence.format in NAMED and row.node else []
    return carries((*evidence.texts, *names), code)


def demand_code(evidence: Evidence, row: DeviceRow, code: str) -> bool | None:
    """Raises Invalid where the file could carry the code and doesn't; returns what `carries_code` says."""
    found = carries_code(evidence, row, code)
    if found is False:
        raise Invalid(
            "code_missing",
            N_("The file doesn't carry the code, so it could be of another day. Use the command as it is shown."),
            field="file",
        )
    return found
