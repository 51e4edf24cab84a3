"""One standard's wiping rules as this house applies them: values only, read from the files in profiles/."""

from dataclasses import dataclass
from datetime import date

from core.data_files import Bilingual

MEDIA = ("magnetic", "semiconductor")
# how well a rule is known: its text read, somebody's quotation read, news only, or unverified
KNOWN = ("seen", "quoted", "press", "memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumRule:
    """How often a kind of medium must be overwritten, and how well that rule is known."""

    kind: str
    least_passes: int
    least_random_passes: int
    known: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    text: str
    known: str


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

    def rule_for(self, medium: str) -> MediumRule:
        """Raises ValueError for a kind of medium that the profile has no rule for."""
        for rule in self.media:
            if rule.kind == medium:
                return rule
        raise ValueError(f"profile {self.id} has no rule for {medium!r} media")
