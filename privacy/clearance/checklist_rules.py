"""Does this filled check-list show that the device was cleared as the profile asks? Pure: values in, a verdict out.

Source: rows 6 to 15 of the profile's table, each with its own source, and the lists in `privacy/wipes/checklists/*.toml`.
`fail`: the list shows the rule unmet. `unknown`: it doesn't say. fail outranks unknown, unknown is never a pass, and a pass
has no reasons. What a law asks of a business and what this platform asks of a resident are two grounds, and each refusal
names its own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from privacy.clearance.declaration_rules import Found
from privacy.clearance.profile import DeviceRule, Profile
from privacy.wipes.checklist import Checklist, Step

Answer = Literal["pass", "fail", "unknown"]
# every version of what reads and judges a list begins like this
PARSERS: Final = "checklist "
PARSER: Final = PARSERS + "1"

# what a step or a lock of a list may be refused for; in the order in which people are told
STEP_REASONS: Final = (
    "passcode_seen",
    "not_encrypted",
    "bootloader_unlocked",
    "key_kept",
    "find_my_on",
    "frp_on",
    "account_on",
    "maker_lock_on",
    "factory_activated",
    "managed",
    "enrolled",
    "firmware_locked",
    "cloud_bound",
    "still_paired",
    "wallet_left",
    "sim_left",
    "esim_left",
    "card_left",
    "disk_left",
    "memory_not_cleared",
    "reset_not_done",
    "fill_not_done",
    "second_reset_not_done",
    "not_as_new",
    "other_device",
)
FAILS: Final = (*STEP_REASONS, "read_too_late", "no_declaration", "declared_other_system")
UNKNOWNS: Final = (
    "step_unanswered",
    "step_unknown",
    "lock_unknown",
    "photo_missing",
    "challenge_photo_missing",
    "system_unread",
    "platform_not_covered",
)
# said beside a verdict, also beside a pass
NOTES: Final = ("relies_on_maker", "demo_declaration", "before_declarations")
GROUNDS: Final = ("standard", "platform_rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A list as it was filled in. `answers`: step code -> yes | no | unknown, or off | on | unknown for a lock; what wasn't
    answered isn't there. `photos`: codes of the steps that have a photo. `late`: codes of what belongs before the wipe and was
    written down after it had begun. `brand`: the maker, as registered."""

    answers: Mapping[str, str] = field(default_factory=dict)
    photos: Collection[str] = frozenset()
    late: Collection[str] = frozenset()
    brand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVerdict:
    """`reasons` are codes of FAILS and UNKNOWNS, empty for a pass; `at` tells which steps gave each. `notes` are codes of NOTES.
    `ground`: what a refusal rests on, a code of GROUNDS."""

    verdict: Answer
    reasons: tuple[str, ...]
    at: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]
    ground: str
    technique: str
    profile: str
    profile_version: str
    declaration: str = ""


@dataclass(slots=True)
class _Reasons:
    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, code: str, step: str = "") -> None:
        steps = self.found.setdefault(code, [])
        if step:
            steps.append(step)

    def in_order(self) -> dict[str, tuple[str, ...]]:
        return {code: tuple(self.found[code]) for code in (*FAILS, *UNKNOWNS) if code in self.found}


def judge_checklist(
    checklist: Checklist,
    filled: Filled,
    found: Found,
    profile: Profile,
    today: date,
    business: bool,
    *,
    declarations_from: date | None = None,
) -> ListVerdict:
    """The verdict on a filled list. `found`: what was found among the makers' declarations for what was read off the device.
    `business`: the device is sold by a business. `declarations_from`: before that day a list may pass without a declaration,
    and says so; None asks for one from the first day (the strict rule)."""
    reasons, notes = _Reasons(), []
    for step in checklist.asked(filled.brand):
        _judge_step(reasons, step, filled)
    row = row_of(profile, checklist.code)
    if profile.rows and (row is None or row.route != "checklist"):
        reasons.add("platform_not_covered")
    if needs_declaration(checklist, profile):
        notes += _declared(reasons, found, today, declarations_from)
    ordered = reasons.in_order()
    return ListVerdict(
        verdict=answer(ordered),
        reasons=tuple(ordered),
        at=MappingProxyType(ordered),
        notes=tuple(notes),
        ground="standard" if business else "platform_rule",
        technique=checklist.technique,
        profile=profile.id,
        profile_version=profile.version,
        declaration=found.id if "relies_on_maker" in notes else "",
    )


def answer(reasons: Iterable[str]) -> Answer:
    """fail outranks unknown; no reason at all is a pass. A code that isn't in the tables counts as unknown."""
    codes = tuple(reasons)
    if any(code in FAILS for code in codes):
        return "fail"
    return "unknown" if codes else "pass"


def _judge_step(reasons: _Reasons, step: Step, filled: Filled) -> None:
    given = filled.answers.get(step.code, "")
    if step.good == "any":
        return
    if given not in step.answers:
        reasons.add("step_unanswered", step.code)
    elif given == "unknown":
        reasons.add("lock_unknown" if step.lock else "step_unknown", step.code)
    elif given != _good(step, given):
        reasons.add(step.reason, step.code)
    if step.code in filled.late:
        reasons.add("read_too_late", step.code)
    if step.photo != "none" and step.code not in filled.photos:
        reasons.add("challenge_photo_missing" if step.photo == "challenge" else "photo_missing", step.code)


def _good(step: Step, given: str) -> str:
    """The answer that suffices; a lock that is only read may be on or off."""
    if not step.lock:
        return step.good
    return given if step.must == "read" else "off"


def _declared(reasons: _Reasons, found: Found, today: date, declarations_from: date | None) -> list[str]:
    if found.status == "listed":
        return ["relies_on_maker", "demo_declaration"] if found.demo else ["relies_on_maker"]
    if declarations_from is not None and today < declarations_from:
        return ["before_declarations"]
    reasons.add(_WHY[found.status])
    return []


_WHY: Mapping[str, str] = MappingProxyType(
    {"none": "no_declaration", "other_system": "declared_other_system", "unread": "system_unread"}
)


def row_of(profile: Profile, platform: str) -> DeviceRule | None:
    """The profile's first row for a platform: the table's order decides."""
    return next((row for row in profile.rows if platform in row.platforms), None)


def needs_declaration(checklist: Checklist, profile: Profile) -> bool:
    """Does only the maker's word stand for this wipe? So where the maker's function isn't a technique that the profile takes
    for such a medium: GB 46864 names overwriting and block erase, not the destruction of a key [press]; NIST takes it."""
    return checklist.relies_on_maker and checklist.technique not in accepted(profile, checklist.code)


def accepted(profile: Profile, platform: str) -> Mapping[str, str]:
    """The techniques that the profile takes for this platform's built-in storage, and the level each reaches."""
    row = row_of(profile, platform)
    return row.accepts if row is not None and row.accepts is not None else profile.rule_for("semiconductor").accepts


def written_late(checklist: Checklist, times: Mapping[str, tuple[str, str]]) -> frozenset[str]:
    """Which answers that belong before the wipe were given or changed when the wipe had begun. `times`: step code -> (first
    given, last changed) as the house's own clock wrote them, texts that sort by time. Equal is late: before is before."""
    begun = [times[step.code][0] for step in checklist.steps if step.part == "wipe" and step.code in times]
    if not begun:
        return frozenset()
    before = (step.code for step in checklist.steps if step.part == "before" and step.good != "any")
    return frozenset(code for code in before if code in times and times[code][1] >= min(begun))


def unanswered(checklist: Checklist, filled: Filled) -> tuple[str, ...]:
    """The questions that are still open, in order."""
    return tuple(step.code for step in checklist.asked(filled.brand) if filled.answers.get(step.code, "") not in step.answers)
