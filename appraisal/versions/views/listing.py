"""Every standard with its versions, for everybody; drafts for those who edit them. Any version that counts can be taken home."""

from dataclasses import dataclass

from flask import g
from flask.wrappers import Response
from flask_babel import gettext as _

from appraisal.standards import loader
from appraisal.standards.queries import find_in_force
from appraisal.standards.standard import Standard
from appraisal.versions import queries
from appraisal.versions.states import STANDARD_VERSION
from appraisal.versions.views import blueprint
from core import clock
from core.access import may, public, visitor
from core.data_files import text as words
from core.i18n import N_
from core.page import Page

IN_FORCE, REPLACED, COMING = (N_("In force"), "good"), (N_("Replaced"), "neutral"), (N_("Comes into force"), "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """`from_day`: since when it counts or will; `file`: its text can be downloaded."""

    version: int
    href: str
    state: tuple[str, str]
    from_day: str
    file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardLine:
    id: str
    name: str
    versions: list[VersionLine]
    open_href: str


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    template = "appraisal/versions/list.html"
    own: list[StandardLine]
    others: list[tuple[str, str, str]]
    edits: bool


@blueprint.get("")
@public
def overview() -> object:
    edits = may(visitor(), "appraisal:standard:draft")
    latest: dict[str, Standard] = {one.id: one for one in loader.all_standards()}
    kinds = {"comparison": _("A published scheme, for comparison"), "slot": _("Its tables aren't known here")}
    return ListPage(
        own=[_line(one, edits) for one in queries.own_ids()], edits=edits,
        others=[(words(one.names, g.language), f"/standards/{one.id}/{one.version}", kinds[one.purpose])
                for one in latest.values() if one.purpose != "own"],
    ).answer()  # fmt: skip


def _line(standard_id: str, edits: bool) -> StandardLine:
    now = find_in_force(g.db, standard_id, clock.now())
    assert now is not None
    rows = queries.rows_of(g.db, standard_id)
    files = [one for one in loader.versions_of(standard_id) if all(row.version != one for row in rows if row.state == "approved")]
    lines = [
        _row(now, standard_id, row.version, row.effective_from, row.state) for row in rows if edits or row.state == "approved"
    ]
    for version in files:
        lines.append(_row(now, standard_id, version, loader.get_standard(standard_id, version).effective_from, "approved"))
    opened = next((row for row in rows if row.state in queries.OPEN), None) if edits else None
    return StandardLine(
        id=standard_id, name=words(now.names, g.language), versions=sorted(lines, key=lambda one: -one.version),
        open_href=f"/standards/{standard_id}/{opened.version}/draft" if opened else "",
    )  # fmt: skip


def _row(now: Standard, standard_id: str, version: int, day: str, state: str) -> VersionLine:
    counts = state == "approved"
    if counts:
        label, tone = IN_FORCE if version == now.version else COMING if version > now.version else REPLACED
    else:
        label, tone = STANDARD_VERSION[state].label, STANDARD_VERSION[state].tone
    href = f"/standards/{standard_id}/{version}" + ("" if counts else "/draft")
    return VersionLine(
        version=version, href=href, state=(_(label), tone), from_day=day if state != "given_up" else "", file=counts
    )


@blueprint.get("/<standard_id>/<int:version>.toml")
@public
def download(standard_id: str, version: int) -> Response:
    """The text itself, byte for byte: its SHA-256 is the digest that reports carry."""
    answer = Response(queries.body_of(g.db, standard_id, version), mimetype="application/toml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{standard_id}-{version}.toml"'
    return answer
