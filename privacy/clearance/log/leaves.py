"""A leaf: one fact, as canonical JSON, written in the transaction of the fact itself. Numbers and proofs come later."""

import re
from collections.abc import Mapping
from datetime import datetime

from core import canonical, ids
from core.db import stamp
from core.i18n import N_
from core.jobs import WAKE
from core.work import Work
from privacy.clearance.log.models import LogLeaf

VERSION = 1
LONGEST = 16_000  # bytes; an entry of tlog-tiles may have 65,535
KINDS: dict[str, str] = {}

_KIND = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[A-Za-z0-9_.:/@+=-]{0,300}")
_COMMITMENT = re.compile(r"[0-9a-f]{64}")
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{14,16}(?![0-9A-Za-z])")
# whose values could be found by trying: they go in as salted commitments or not at all
PERSONAL = frozenset(
    [
        "account", "accounts", "actor", "address", "buyer", "contact", "ecid", "eid", "email", "holder", "iccid", "identity",
        "imei", "imei2", "mac", "mail", "meid", "mobile", "name", "operator", "owner", "passport", "people", "person", "phone",
        "seller", "serial", "serials", "udid", "verifier", "wwn",
    ]
)  # fmt: skip


class NotForTheLog(ValueError):
    """This must not go into a public log: a personal value, a free text, or an undeclared kind."""


def kinds(table: Mapping[str, str]) -> None:
    """Declare kinds of leaves (`room:subject:happened`), each with a sentence for readers."""
    for kind, sentence in table.items():
        if not _KIND.fullmatch(kind):
            raise ValueError(f"{kind!r} is not of the form room:subject:happened")
        if KINDS.setdefault(kind, sentence) != sentence:
            raise ValueError(f"{kind!r} is declared twice")


def append_leaf(
    w: Work, kind: str, subject: str, body: Mapping[str, object], commitments: Mapping[str, str] | None = None
) -> str:
    """Put a fact into the public log, in this transaction; returns the leaf's id. It has no number yet.

    `subject`: a public number, a key id or a digest; `body`: codes and whole numbers (lists of codes too); `commitments`:
    field -> SHA-256(salt of 128 bits, name, value) in hex. Raises NotForTheLog."""
    text = write(kind, subject, body, commitments or {}, w.now)
    leaf = LogLeaf(id=ids.new_id(), kind=kind, subject=subject, text=text, created=w.now, leaf_index=None)
    w.session.add(leaf)
    w.afterwards(WAKE.set)
    return leaf.id


def write(
    kind: str, subject: str, body: Mapping[str, object], commitments: Mapping[str, str], created: datetime
) -> str:
    """The canonical text (RFC 8785) of a leaf. Raises NotForTheLog."""
    if kind not in KINDS:
        raise NotForTheLog(f"{kind!r} is not a declared kind of leaf")
    refuse_personal(subject, body, commitments)
    value = {
        "v": VERSION,
        "type": kind,
        "subject": subject,
        "body": {name: list(one) if isinstance(one, list | tuple) else one for name, one in body.items()},
        "commitments": [{"field": name, "commitment": commitments[name]} for name in sorted(commitments)],
        "created": stamp(created),
    }
    data = canonical.encode(value)
    if len(data) > LONGEST:
        raise NotForTheLog(f"a leaf has at most {LONGEST} bytes")
    return data.decode()


def refuse_personal(subject: str, body: Mapping[str, object], commitments: Mapping[str, str]) -> None:
    """Guards the door: names that smell of a person or a device's number, values that look like one, and free text."""
    _refuse_value("subject", subject)
    for name, value in body.items():
        if not _NAME.fullmatch(name) or PERSONAL & set(re.split(r"[_0-9]+", name) + [name]):
            raise NotForTheLog(f"{name!r} would be a personal value: commit to it with a salt instead")
        for one in value if isinstance(value, list | tuple) else [value]:
            _refuse_value(name, one)
    for name, value in commitments.items():
        if not re.fullmatch(r"[a-z0-9_.]{1,60}", name) or not _COMMITMENT.fullmatch(value):
            raise NotForTheLog(f"{name!r} is not a commitment")


def _refuse_value(name: str, value: object) -> None:
    if isinstance(value, str):
        if not _CODE.fullmatch(value) or _LONG_NUMBER.search(value):
            raise NotForTheLog(f"the value of {name!r} is a free text, or a number that could be a device's")
    elif value is not None and (not isinstance(value, int) or abs(value) > canonical.LARGEST_INTEGER):
        raise NotForTheLog(f"the value of {name!r} must be a code, a whole number, true, false or null")
    elif type(value) is int and len(str(abs(value))) >= 14:
        raise NotForTheLog(f"the value of {name!r} is a number that could be a device's")


kinds(
    {
        "privacy:certificate:issued": N_("A wipe certificate was issued"),
        "privacy:certificate:amended": N_("Two people corrected a slip on a wipe certificate"),
        "privacy:certificate:ended": N_("A wipe certificate ended or was delivered"),
        "privacy:certificate:revoked": N_("A wipe certificate was revoked"),
        "privacy:evidence:attached": N_("A wiping tool's file was attached"),
        "privacy:verification:decided": N_("A verifier accepted or rejected a wipe"),
        "privacy:validation:decided": N_("A third person confirmed a verified wipe, or didn't"),
        "privacy:key:enrolled": N_("A signing key was put on record"),
        "privacy:key:revoked": N_("A signing key was taken off record"),
        "appraisal:report:issued": N_("An appraisal report was issued"),
        "appraisal:report:ended": N_("An appraisal report ended"),
        "appraisal:report:revoked": N_("An appraisal report was revoked"),
        "core:audit:head": N_("The head of the audit log was anchored"),
    }
)
