"""A certificate as people read it, on a page or on paper: the same values for both, in the reader's language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import object_session

from core import i18n
from core.clock import LOCAL_ZONE
from core.goods.custody import RAISING
from core.goods.describe import category_name
from core.goods.words import MEDIA_KINDS
from core.i18n import N_
from privacy.clearance import house_key, list_paper
from privacy.clearance.grade import SENTENCES
from privacy.clearance.log import keys as log_keys
from privacy.clearance.models import Certificate
from privacy.clearance.profiles import UnknownProfile, get_profile
from privacy.clearance.states import CERTIFICATE
from privacy.clearance.terms import LEVELS, TECHNIQUES
from privacy.devices.after_work import PURPOSES
from privacy.devices.rules import DESTRUCTIONS
from privacy.wipes import rules
from privacy.wipes.states import MEDIUM

SAYS = N_(
    "This paper says that every storage medium listed here was wiped as the named rule set asks, that a wiping tool's own "
    "record shows it, and that a second person verified it. It doesn't say that data can never be found, and nothing about "
    "use after the day of delivery."
)
SHARED = N_("Operator and verifier signed in the same browser; the verifier signed in afresh with a second factor.")
CHECKED = {
    True: N_("The house's signature over this certificate holds."),
    False: N_("The signature does not hold. Don't rely on this certificate."),
    None: N_("A key of these signatures isn't known here or was revoked later, so nobody can tell by them alone."),
}

# what people did, each with who and where
ACTS = ("wiped", "verified", "confirmed")


@dataclass(frozen=True, slots=True)
class Read:
    """A certificate in words. `media`: heading and rows for each medium; `genuine` is tri-state."""

    number: str
    state: tuple[str, str]
    help: str
    rows: Sequence[tuple[str, str]]
    media: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    checks: Sequence[str]
    claim: str
    profile: str
    genuine: bool | None
    digest: str
    key_ids: Sequence[str]
    says: str


def read(certificate: Certificate, keys: Path, language: str, names: Mapping[str, str] | None = None) -> Read:
    """The signed text in words, with the state that stands now and the answer of the signature check. `names`: what organisations
    are called in the reader's language today, by id; the name in the signed text stands beside it."""
    body, state = json.loads(certificate.body), CERTIFICATE[certificate.state]

    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    return Read(
        number=certificate.number,
        state=(_(state.label), state.tone),
        help=_(state.help),
        rows=_rows(certificate, body, language, names or {}),
        media=[*[_medium(one, language) for one in body["media"]], *[_left(one, language) for one in body.get("removed", [])]],
        checks=[
            *[_(rules.CHECKS[code]) for code in body["checks"] if code in rules.CHECKS],
            *list_paper.looks(body, language),
        ],
        claim=_claim(body["profile"], language),
        profile=f"{body['profile']['id']} {body['profile']['version']}",
        genuine=_genuine(certificate, keys),
        digest=certificate.digest,
        key_ids=[one["key_id"] for one in certificate.signatures],
        says=_(list_paper.SAYS if list_paper.covers(body) else SAYS),
    )


def _genuine(certificate: Certificate, keys: Path) -> bool | None:
    session = object_session(certificate)
    enrolled = log_keys.listed(session) if session else []
    return house_key.check(keys, certificate.body.encode(), certificate.signatures, enrolled)


def _claim(profile: dict[str, str], language: str) -> str:
    """What may be said about the rule set: `designed to`, by name and version, never more."""
    try:
        known = get_profile(profile["id"], profile["version"])
    except UnknownProfile:
        return i18n.say(N_("Judged by rule set %(id)s, version %(version)s"), language, **profile)
    return known.claim.en if language == "en" else known.claim.zh


def day(text: str | datetime | None) -> str:
    """A day in Shanghai, written alike in both languages."""
    if not text:
        return ""
    moment = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")


def _rows(certificate: Certificate, body: dict[str, Any], language: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    item, wiped, verified = body["item"], body["wiped"], body["verified"]
    rows = [
        (_(N_("Device")), " ".join(p for p in (category_name(item["category"], language), item["brand"], item["model"]) if p)),
        *[(_(_NUMBERS.get(one["kind"], one["kind"])), one["masked"]) for one in item["serials"]],
        (_(N_("At the bench from")), _who(wiped, language, names)),
        (_(N_("Verified on")), _who(verified, language, names)),
    ]
    if "confirmed" in body:
        rows.append((_(N_("Confirmed on")), _who(body["confirmed"], language, names)))
    if "locks" in body:
        rows.append((_(N_("Account locks")), _locks(body["locks"], language)))
    if certificate.delivered_at:
        rows.append((_(N_("Handed over on")), day(certificate.delivered_at)))
        rows.append((_(N_("Since then")), _(N_("This says nothing about use since the hand-over."))))
    if certificate.ended_at:
        rows.append((_(N_("Ended on")), day(certificate.ended_at)))
        if why := why_ended(certificate, language):
            rows.append((_(N_("Why it ended")), why))
    elif not certificate.delivered_at:
        rows.append((_(N_("Usable until")), day(body["valid_until"])))
    place = rules.KEPT.get(body["kept"], "")
    kept = _(place)
    rows.append((_(N_("Kept at issue")), f"{kept} {_masked(body['seal_number'])}".strip()))
    rows.append((_(N_("Wipe job")), body["job"]))
    for work in body.get("after_work", []):
        rows.append((_(N_("Worked on after the wipe")), _worked(work, language)))
    if body.get("shared_device"):
        rows.append((_(N_("One computer for both")), _(SHARED)))
    return rows


def why_ended(certificate: Certificate, language: str) -> str:
    """Why it was taken back, or why it ended otherwise; nothing for one that stands, or that ended before reasons were kept."""
    sentence = rules.REVOCATIONS.get(certificate.reason) or _ENDED.get(certificate.ended_why, "")
    return i18n.say(sentence, language) if sentence else ""


_ENDED = {
    **RAISING,
    "expired": N_("Its time was over before the device was sold."),
    "used": N_("Its own counters show that it was used after the wipe."),
}


def _worked(work: dict[str, Any], language: str) -> str:
    """清除后装机: what was done, from which image, and since when use is counted."""
    told = i18n.say(PURPOSES[work["purpose"]], language)
    image = f" · {work['image']} · SHA-256 {work['image_sha256'][:16]}" if work["image"] else ""
    return f"{told}{image} · {day(work['ended_at'])}"


def _left(one: dict[str, Any], language: str) -> tuple[str, list[tuple[str, str]]]:
    """A medium that left the device: destroyed before a witness, or a card that went back."""

    def _(sentence: str) -> str:
        return i18n.say(sentence, language)

    state = MEDIUM[one["outcome"]]
    rows = [(_(N_("Serial number")), one["masked"]), (_(N_("What became of it")), _(state.help))]
    if one["method"]:
        size = f" ({one['millimetres']} mm)" if one["millimetres"] else ""
        way = DESTRUCTIONS[one["method"]]
        rows.append((_(N_("How it was destroyed")), _(way) + size))
        rows.append((_(N_("Witnessed on")), day(one["witnessed_at"])))
        rows += _strength(one, language)
    return _(MEDIA_KINDS.get(one["kind"], one["kind"])), rows


_NUMBERS = {"serial": N_("Serial number"), "imei": N_("IMEI"), "imei2": N_("IMEI"), "meid": N_("MEID")}
_ROLES = {
    "wipe_operator": N_("a wipe operator"),
    "wipe_verifier": N_("another person, a wipe verifier"),
    "wipe_validator": N_("a third person, who confirmed it"),
}


def _who(act: dict[str, Any], language: str, names: Mapping[str, str]) -> str:
    role, org = i18n.say(_ROLES.get(act["role"], act["role"]), language), act["organisation"]
    today = names.get(org["id"], org["name"]) if org else ""
    place = f" · {today}" + (f" ({org['name']})" if today != org["name"] else "") if org else ""
    return f"{day(act['at'])} · {role}{place}"


def _locks(found: list[dict[str, str]], language: str) -> str:
    """How many were on before the wipe; none is on after it."""
    count = sum(1 for one in found if one["before"] == "on")
    before = i18n.say(N_("before the wipe %(count)s on"), language, count=count) if count else ""
    after = i18n.say(N_("after it all off, read by the verifier"), language)
    return " · ".join(one for one in (before, after) if one)


def _masked(text: str) -> str:
    """A seal's number as the public sees it."""
    return text[:-4] + "****" if len(text) > 4 else text


def _medium(one: dict[str, Any], language: str) -> tuple[str, list[tuple[str, str]]]:
    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    if "checklist" in one:
        return list_paper.medium(one, language)
    unknown = _(N_("unknown"))

    def text(value: object) -> str:
        return unknown if value is None else str(value)

    heading = f"{_(MEDIA_KINDS.get(one['kind'], one['kind']))} {one['model']}".strip()
    return heading, [
        (_(N_("Serial number")), one["serial"]["masked"]),
        (_(N_("Size")), f"{one['capacity_bytes']:,} B" if one["capacity_bytes"] else unknown),
        (_(N_("Method")), text(one["method"])),
        *_done(one, language),
        *_clock(one, language),
        (_(N_("Tool's file")), f"{one['file']['format']} · {one['parser']}"),
        *_strength(one, language),
        *_counted(one, language),
    ]


def _clock(one: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """When it ran by the tool's own clock, which nobody here has checked; papers of before don't say."""
    times = [text.replace("T", " ")[:16] for text in one.get("tool_clock", ()) if text]
    if not times:
        return []
    told = " – ".join(dict.fromkeys(times))
    before = i18n.say(N_("before this job began"), language) if one.get("ran_before_job") else ""
    return [(i18n.say(N_("Ran, by the tool's own clock"), language), " · ".join(text for text in (told, before) if text))]


def _counted(one: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """Since when its own counters would show use, where the paper says it; older papers don't."""
    if "use_counted_from" not in one:
        return []
    told = day(one["use_counted_from"]) or i18n.say(N_("not counted: its counters weren't read"), language)
    return [(i18n.say(N_("Use is counted from"), language), told)]


def _done(one: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """How it was wiped: counted passes, or the medium's own command."""

    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    def text(value: object) -> str:
        return _(N_("unknown")) if value is None else str(value)

    technique = one.get("technique")
    if technique not in (None, "overwrite"):
        return [(_(N_("What was done")), _(TECHNIQUES.get(technique, technique)))]
    looked = _VERIFICATION.get(one["verification"] or "")
    passes = _(N_("%(passes)s, of them %(random)s random"), passes=text(one["passes_done"]), random=text(one["random_passes"]))
    return [(_(N_("Passes")), passes), (_(N_("Read back by the tool")), _(looked) if looked else _(N_("unknown")))]


def _strength(one: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """How strong the proof is, where the paper says it; older papers don't."""

    def _(sentence: str) -> str:
        return i18n.say(sentence, language)

    grade, level = one.get("grade"), one.get("level")
    rows = [(_(N_("Level reached")), _(LEVELS[level]))] if level in LEVELS else []
    return rows + ([(_(N_("Grade of the evidence")), f"{grade}. {_(SENTENCES[grade])}")] if grade in SENTENCES else [])


_VERIFICATION = {"none": N_("no"), "last": N_("after the last pass"), "all": N_("after every pass"), "only": N_("only")}
