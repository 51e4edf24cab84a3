"""One standard's wiping rules as this house applies it: values only, read from the files in profiles/."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from core.data_files import Bilingual

MEDIA = ("magnetic", "semiconductor")
# how well a rule is known: its text read, somebody's quotation read, news only, or unverified
KNOWN = ("seen", "quoted", "press", "memory")
# NIST SP 800-88r2 [quoted]: clear resists ordinary means, purge a laboratory, destroy leaves no medium
LEVELS = ("clear", "purge", "destroy")
# what a profile may accept; trimming and a plain reset are on no list, because they show nothing about the medium
# `overwrite` is by a host, `sanitize_overwrite` by the medium's own command
TECHNIQUES = (
    "overwrite", "sanitize_overwrite", "block_erase", "crypto_erase", "security_erase", "security_erase_enhanced", "format",
)  # fmt: skip
# tool_log: a tool's file is judged. checklist: the maker's function, gone through with a list and photos. destroy: nothing
# else is left. none: nothing to wipe. refuse: never taken in. statement: said by the seller, never a proof
ROUTES = ("tool_log", "checklist", "destroy", "none", "refuse", "statement")
# kinds of device that a check-list knows: what a tool can't reach is wiped by its maker's own function
PLATFORMS = (
    "android_encrypted", "android_plain", "iphone", "mac", "chromeos", "windows", "printer", "router", "wearable", "camera",
    "car_unit", "console",
)  # fmt: skip
OVERWRITING: Mapping[str, str] = MappingProxyType({"overwrite": "clear"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumRule:
    """How often a kind of medium must be overwritten, which techniques are accepted at all and the level each reaches, and
    how well that rule is known."""

    kind: str
    least_passes: int
    least_random_passes: int
    known: str
    accepts: Mapping[str, str] = field(default_factory=lambda: OVERWRITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a rule comes from and how well that is known. `zh` is empty where `text` serves both languages."""

    text: str
    known: str
    id: str = ""
    zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked example that tests run: a file of tests/fixtures/wipe with what `judge` must say of it, or (`answers`) a filled
    check-list, or what was answered on another route. `reasons` is empty for a pass. `as_if_seen`: what would be said if a real
    file of the format had been read before (docs/adr/0010)."""

    verdict: str
    reasons: tuple[str, ...] = ()
    file: str = ""
    serial: str = ""
    medium: str = ""
    platform: str = ""
    as_if_seen: bool = False
    answers: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRule:
    """One row of a profile's table: which devices and media, the least that suffices, what doesn't, and who does what.

    `accepts` overrides the medium's rule where it is not None. `third_person`: the validator must be somebody else than
    the verifier. `known` is the weakest of its sources."""

    id: str
    number: int
    title: Bilingual
    categories: tuple[str, ...]
    media: tuple[str, ...]
    platforms: tuple[str, ...]
    route: str
    minimum: Bilingual
    not_enough: Bilingual
    evidence: Bilingual
    verification: Bilingual
    third_person: bool
    sources: tuple[str, ...]
    known: str
    accepts: Mapping[str, str] | None = None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One standard as this house applies it. `in_force` is to be compared with the day of sale."""

    id: str
    version: str
    standard: str
    title: Bilingual
    claim: Bilingual
    issued: date
    in_force: date
    verification: bool
    records_kept_years: int
    media: tuple[MediumRule, ...]
    sources: tuple[Source, ...]
    rows: tuple[DeviceRule, ...] = ()

    def rule_for(self, medium: str) -> MediumRule:
        """Raises ValueError for a kind of medium that the profile has no rule for."""
        for rule in self.media:
            if rule.kind == medium:
                return rule
        raise ValueError(f"profile {self.id} has no rule for {medium!r} media")

    def find_row(self, category: str, kind: str) -> DeviceRule | None:
        """The first row for a storage medium of `kind` in a thing of `category`: the table's order decides."""
        for row in self.rows:
            if kind in row.media and (not row.categories or category in row.categories):
                return row
        return None

    def find_platform(self, platform: str) -> DeviceRule | None:
        """The row for a kind of device that is gone through with a list."""
        return next((row for row in self.rows if platform in row.platforms), None)
