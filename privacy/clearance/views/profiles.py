"""The rule sets as anybody may read them: rules, the table of devices and media, sources and how well each is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import public
from core.errors import NotFound
from core.goods.cards import text
from core.page import Page
from privacy.bench import bench
from privacy.clearance.profile import DeviceRule, Profile, Source
from privacy.clearance.profiles import UnknownProfile, get_profile, profile_ids, versions
from privacy.clearance.terms import DUTIES, KNOWN, ROUTES, SHORT_LEVELS, TECHNIQUES
from privacy.clearance.views import blueprint

WEAK = ("press", "memory")


@dataclass(frozen=True, slots=True)
class Listed:
    id: str
    href: str
    title: str
    standard: str
    version: str
    since: str
    gates: bool


@dataclass(frozen=True, kw_only=True)
class ProfilesPage(Page):
    template = "privacy/profiles.html"
    rows: Sequence[Listed]


@blueprint.get("/profiles")
@public
def list_profiles() -> object:
    return ProfilesPage(rows=[_listed(get_profile(id)) for id in profile_ids()]).answer()


def _listed(profile: Profile) -> Listed:
    return Listed(
        profile.id,
        f"/profiles/{profile.id}",
        text(profile.title, g.language),
        profile.standard,
        profile.version,
        profile.in_force.isoformat(),
        profile.id == bench().profile,
    )


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of the table. `weak`: its source is news or memory only."""

    id: str
    number: int
    title: str
    cells: Sequence[tuple[str, str]]
    known: str
    weak: bool


@dataclass(frozen=True, kw_only=True)
class ProfilePage(Page):
    template = "privacy/profile.html"
    id: str
    version: str
    title: str
    standard: str
    claim: str
    gates: bool
    present: bool
    early: bool
    facts: Sequence[tuple[str, str]]
    rules: Sequence[Sequence[str]]
    rows: Sequence[RowShown]
    sources: Sequence[Sequence[str]]
    versions: Sequence[tuple[str, str, bool]]


@blueprint.get("/profiles/<profile_id>")
@public
def show_profile(profile_id: str) -> object:
    """The present version, or the one that `version` names: verdicts name the version they were made by."""
    try:
        profile = get_profile(profile_id, request.args.get("version") or None)
        present = get_profile(profile_id)
    except UnknownProfile as no:
        raise NotFound() from no
    return ProfilePage(
        id=profile.id,
        version=profile.version,
        title=text(profile.title, g.language),
        standard=profile.standard,
        claim=text(profile.claim, g.language),
        gates=profile.id == bench().profile and profile.version == present.version,
        present=profile.version == present.version,
        early=profile.in_force > clock.now().astimezone(clock.LOCAL_ZONE).date(),
        facts=_facts(profile),
        rules=[_rule(profile, kind) for kind in (one.kind for one in profile.media)],
        rows=[_row(one) for one in profile.rows],
        sources=[(one.id or "—", _source(one), _(KNOWN[one.known])) for one in profile.sources],
        versions=[(one, f"/profiles/{profile.id}?version={one}", one == profile.version) for one in versions(profile.id)],
    ).answer()


def _facts(profile: Profile) -> list[tuple[str, str]]:
    kept = profile.records_kept_years
    return [
        (_("Name of the text"), profile.standard),
        (_("Issued"), profile.issued.isoformat()),
        (_("In force from"), profile.in_force.isoformat()),
        (_("Read back by the tool"), _("asked for") if profile.verification else _("not asked for by this text")),
        (_("Records are kept"), _("at least %(years)s years", years=kept) if kept else _("no period named")),
    ]


def _rule(profile: Profile, kind: str) -> list[str]:
    rule = profile.rule_for(kind)
    return [
        _("magnetic medium") if kind == "magnetic" else _("semiconductor medium"),
        str(rule.least_passes),
        str(rule.least_random_passes),
        _accepted(rule.accepts),
        _(KNOWN[rule.known]),
    ]


def _accepted(accepts: Mapping[str, str]) -> str:
    return "; ".join(f"{_(TECHNIQUES[one])}: {_(SHORT_LEVELS[level])}" for one, level in accepts.items())


def _row(row: DeviceRule) -> RowShown:
    cells = [
        (_("At least"), text(row.minimum, g.language)),
        (_("Not enough"), text(row.not_enough, g.language)),
        (_("Evidence"), text(row.evidence, g.language)),
        (_("Verification"), text(row.verification, g.language)),
        (_("Who does what"), _(DUTIES[row.third_person])),
        (_("How it is proven"), _(ROUTES[row.route])),
    ]
    if row.accepts is not None:
        cells.append((_("What counts here"), _accepted(row.accepts)))
    known = f"{_(KNOWN[row.known])} ({', '.join(row.sources)})"
    return RowShown(row.id, row.number, text(row.title, g.language), cells, known, row.known in WEAK)


def _source(source: Source) -> str:
    return source.zh if g.language != "en" and source.zh else source.text
