"""Corrections in words, the same for page and PDF."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core import i18n
from core.i18n import N_
from core.people.roles import ROLES
from privacy.clearance import house_key
from privacy.clearance.corrections import queries, rules
from privacy.clearance.log import keys as log_keys
from privacy.clearance.log import papers
from privacy.clearance.models import Certificate
from privacy.clearance.paper import day

HOLDS = {
    True: N_("The signatures of both people and of the house hold."),
    False: N_("A signature does not hold. Don't rely on this correction."),
    None: N_("A key of this correction isn't known here, so nobody can tell."),
}


@dataclass(frozen=True, slots=True)
class Amended:
    """One approved correction. `rows`: (label, words); `genuine` is tri-state."""

    heading: str
    rows: Sequence[tuple[str, str]]
    genuine: bool | None


def amended(session: Session, certificate: Certificate, keys: Path, language: str) -> list[Amended]:
    """Every approved correction of a certificate, by its number."""

    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    found = []
    for one in queries.amendments(session, certificate.id):
        body = json.loads(one.body)
        entry = papers.find_amendment(session, certificate.number, int(one.n or 0))
        genuine = house_key.check(keys, one.body.encode(), one.signatures, log_keys.listed(session))
        logged = _(N_("no. %(n)s"), n=entry.index) if entry else _(N_("being entered"))
        rows = [
            (_(N_("What reads wrongly")), _(rules.FIELDS[body["field"]])),
            (_(N_("As it stands")), said(body, "before", language)),
            (_(N_("As it should read")), said(body, "after", language)),
            (_(N_("How it came about")), _(rules.REASONS[body["reason"]])),
            (_(N_("Who proposed it")), who(body["proposed"], language)),
            (_(N_("Approved by another person")), who(body["approved"], language)),
            (_(N_("In the public log")), logged),
            (_(N_("Signatures")), _(HOLDS[genuine])),
        ]
        found.append(Amended(_(N_("Correction %(n)s"), n=one.n), rows, genuine))
    return found


def said(told: Mapping[str, Any], name: str, language: str) -> str:
    """The words, or that they are kept off the paper because they may be about a person."""
    return str(told[name]) if name in told else i18n.say(N_("kept off the paper: only a commitment to it is public"), language)


def who(act: Mapping[str, Any], language: str) -> str:
    role = i18n.say(ROLES[act["role"]].label, language) if act["role"] in ROLES else act["role"]
    return f"{day(act['at'])} · {role} · {act['organisation']['name']}"
