"""What a credential is good for and who may sign, told without looking anything up. Pure."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.errors import Invalid
from core.i18n import N_

ANY = "any"
SIGN, REVIEW = 1, 2
LEVELS = {SIGN: N_("Signs appraisals"), REVIEW: N_("Signs appraisals, and looks blind at those of others")}
KINDS = {
    "qualification": N_("Vocational qualification"),
    "skill_level": N_("Vocational skill level certificate"),
    "training": N_("Training certificate"),
    "institution": N_("Qualification of an institution"),
    "other": N_("Another credential"),
}
REFUSALS = {
    "no_file": N_("You aren't admitted as an appraiser yet. Show a credential first: your drafts wait."),
    "applied": N_("Your application as an appraiser isn't decided yet. Your drafts wait until then."),
    "exam": N_("Pass the exam first. Your drafts wait until then."),
    "suspended": N_("You are suspended as an appraiser: you can't begin or sign now. Your drafts wait."),
    "ended": N_("You are no longer admitted as an appraiser. Apply again to go on: your drafts wait."),
    "not_shown": N_("You were to show a credential by %(day)s. Show one to go on: your drafts wait."),
    "out_of_scope": N_("None of your credentials covers this category. Somebody else appraises it, or you show another one."),
    "credential_offered": N_("Your credential for this category is still being looked at. Your drafts wait until then."),
    "credential_suspended": N_("Your credential for this category is suspended. Your drafts wait."),
    "credential_expired": N_("Your credential for this category expired on %(day)s. Show a new one to go on: your drafts wait."),
}
_NUMBER = re.compile(r"[0-9A-Z一-鿿()\-/.]{4,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A credential as the rules see it."""

    state: str
    scope: Mapping[str, int]
    expires_at: datetime.datetime | None = None

    def covers(self, category: str, level: int) -> bool:
        return max(self.scope.get(category, 0), self.scope.get(ANY, 0)) >= level

    def expired(self, now: datetime.datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A person's file as the rules see it; `show_by` as in the model."""

    state: str
    show_by: datetime.datetime | None = None
    credentials: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A code of REFUSALS, and the moment it speaks of."""

    code: str
    moment: datetime.datetime | None = None


def why_not(file: File | None, category: str, now: datetime.datetime, level: int = SIGN) -> WhyNot | None:
    """Why this person may not begin or sign an appraisal of such a thing now, or None. A valid, unexpired credential with scope
    for the category, nothing else; only who was appointed before there were any goes on without until `show_by`."""
    if file is None:
        return WhyNot("no_file")
    if file.state not in ("probation", "active"):
        return WhyNot(file.state)
    counted = [one for one in file.credentials if one.state in ("valid", "suspended", "offered", "enclosed")]
    fit = [one for one in counted if one.covers(category, level)]
    if any(one.state == "valid" and not one.expired(now) for one in fit):
        return None
    if file.show_by is not None and not any(one.state in ("valid", "suspended") for one in counted):
        if now >= file.show_by:
            return WhyNot("not_shown", file.show_by)
        return None if level == SIGN else WhyNot("out_of_scope")
    return _lacking(fit, now)


def _lacking(fit: Iterable[Shown], now: datetime.datetime) -> WhyNot:
    found = list(fit)
    if any(one.state == "suspended" and not one.expired(now) for one in found):
        return WhyNot("credential_suspended")
    if any(one.state in ("offered", "enclosed") and not one.expired(now) for one in found):
        return WhyNot("credential_offered")
    over = [one.expires_at for one in found if one.expires_at is not None and one.expired(now)]
    return WhyNot("credential_expired", max(over)) if over else WhyNot("out_of_scope")


def read_number(typed: str) -> str:
    """The number of a credential: full width, case and blanks don't count. Raises Invalid at field `number`."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed)).upper()
    if not _NUMBER.fullmatch(plain) or not re.search(r"\d", plain):
        raise Invalid(
            "bad_number", N_("Give the number as it stands on the credential: 4 to 60 letters and digits."), field="number"
        )
    return plain


def mask_number(number: str) -> str:
    """What others see. Many such numbers hold a resident's number, so the last four stay and nothing else."""
    return f"****{number[-4:]}" if len(number) >= 8 else f"****{number[-1:]}"


def read_scope(categories: Iterable[str], level: int, known: Iterable[str]) -> dict[str, int]:
    """{category: level}; "any" swallows the rest. Raises Invalid at field `categories` or `level`."""
    chosen, allowed = set(categories), {*known, ANY}
    if not chosen or chosen - allowed:
        raise Invalid("scope_missing", N_("Choose what the credential covers."), field="categories")
    if level not in LEVELS:
        raise Invalid("level_missing", N_("Choose one of the answers offered."), field="level")
    return {ANY: level} if ANY in chosen else dict.fromkeys(sorted(chosen), level)


def body_type(org_kind: str, admitted: bool, own: bool) -> str | None:
    """A, B or C as in ISO/IEC 17020 (appraisal.md 4), None where it can't be said.

    `own`: the owner works for this organisation; `admitted`: the agency's own file stands. A: a third party, an agency that has
    shown what it is and has nothing to do with the thing's owner. B: in-house, a shop that grades its own stock. C: a part of a
    shop that grades other people's things and lives by selling."""
    if org_kind == "shop":
        return "B" if own else "C"
    return "A" if org_kind == "agency" and admitted and not own else None


BODIES = {
    "A": N_("Third party: an agency that neither owns nor sells what it appraises"),
    "B": N_("Own stock: the shop graded a thing of its own people"),
    "C": N_("Part of a shop: it also sells second-hand goods, so it is no third party"),
}
