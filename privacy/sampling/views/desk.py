"""What is to be tried, and the figures of each point: for verifiers, managers and regulators. And how one draw was reckoned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask import g
from flask_babel import format_decimal
from flask_babel import gettext as _

from core import clock
from core.access import may, needs, visitor
from core.data_files import text
from core.i18n import N_
from core.page import Page
from core.people.models import Organisation
from privacy.sampling import figures, queries, rules
from privacy.sampling.access import Drawn, load_draw
from privacy.sampling.figures import Due, Tally
from privacy.sampling.models import SampleCheck
from privacy.sampling.settings import shares
from privacy.sampling.states import CHECK
from privacy.sampling.views import blueprint
from privacy.wipes.queries import get_item, get_job, organisations
from privacy.wipes.show import title_of, when
from privacy.wipes.views.parts import org_name

WHY = {"drawn": N_("drawn"), "batch": N_("whole batch")}
EVERYWHERE = frozenset({"regulator", "administrator"})


@dataclass(frozen=True, slots=True)
class DueShown:
    """An open check. `says`: what is special about it; `href`: where to try, or "" for who may not."""

    title: str
    number: str
    href: str
    state: tuple[str, str]
    says: str
    since: str


@dataclass(frozen=True, slots=True)
class PointFigures:
    name: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "privacy/sampling.html"
    due: Sequence[DueShown]
    left: Sequence[DueShown]
    points: Sequence[PointFigures]
    base: int
    raised: int
    sources: Sequence[str]
    reasons: Sequence[str]
    failed_days: int


@blueprint.get("/sampling")
@needs("privacy:sampling:see")
def show_desk() -> object:
    """Regulators and administrators see every point, verifiers every open check, managers what is their point's."""
    roles, mine = visitor().roles, visitor().orgs_as("shop_manager", "wipe_verifier")
    everywhere = bool(roles & EVERYWHERE)
    found = figures.due(g.db, None if everywhere or "wipe_verifier" in roles else mine)
    tallies = figures.tallies(g.db, None if everywhere else mine)
    names = organisations(g.db, {one.org_id for one in tallies if one.org_id})
    return DeskPage(
        due=[_due(one) for one in found if one.reachable],
        left=[_due(one) for one in found if not one.reachable],
        points=[_figures(one, names) for one in tallies],
        base=shares().base,
        raised=shares().raised,
        sources=[text(one, g.language) for one in (shares().base_source, shares().raised_source)],
        reasons=[_(sentence) for sentence in rules.REASONS.values()],
        failed_days=shares().failed.days,
    ).answer()


def _due(one: Due) -> DueShown:
    check = one.check
    late = one.reachable and clock.now() - check.opened_at > shares().late
    state = (_("Late"), "bad") if late else (_(CHECK[check.state].label), CHECK[check.state].tone)
    return DueShown(
        title=title_of(get_item(g.db, check.item_id)),
        number=one.job.number,
        href=f"/sampling/checks/{check.id}",
        state=state if one.reachable else (_("Out of reach"), "warn"),
        says=" · ".join(_says(check)),
        since=_("open for %(days)s days, since %(time)s", days=age(check.opened_at), time=when(check.opened_at)),
    )


def _says(check: SampleCheck) -> list[str]:
    found = [_(WHY[check.why])]
    if check.mandatory:
        found.append(_("off sale until it is done"))
    if check.elsewhere:
        found.append(_("by somebody of another organisation"))
    return found


def age(since: datetime) -> int:
    """Whole days."""
    return (clock.now() - since).days


def _figures(one: Tally, names: dict[str, Organisation]) -> PointFigures:
    org = names.get(one.org_id or "")
    rows = [
        (_("Accepted wipes that could be drawn"), str(one.accepted)),
        (_("Drawn"), _("%(count)s (%(rate)s of them)", count=one.drawn, rate=percent(rules.rate(one.drawn, one.accepted)))),
        (_("Tried"), str(one.tried)),
        (_("Data found"), str(one.found)),
        (_("Failure rate of the drawn ones"), _rate(one.found, one.tried)),
        (_("Open"), str(one.open)),
        (_("Oldest open one"), _("%(days)s days", days=age(one.oldest)) if one.oldest else "—"),
        (_("Left before the try"), str(one.left)),
        (_("Tries that could not be done"), str(one.not_done)),
        (
            _("Of whole batches: due, tried, data found"),
            _("%(due)s, %(tried)s, %(found)s", due=one.batch, tried=one.batch_tried, found=one.batch_found),
        ),
    ]
    return PointFigures(org_name(org) if org else _("No point"), rows)


def _rate(found: int, tried: int) -> str:
    if not tried:
        return str(_("nothing tried yet"))
    low, high = rules.wilson(found, tried)
    return str(
        _(
            "%(rate)s (95 %% interval %(low)s to %(high)s)",
            rate=percent(rules.rate(found, tried)),
            low=percent(low),
            high=percent(high),
        )
    )


def percent(ten_thousandths: int | None) -> str:
    """From ten thousandths, with two decimals at most; whole numbers in, text out."""
    if ten_thousandths is None:
        return "—"
    whole, rest = divmod(ten_thousandths, 100)
    return f"{format_decimal(whole)}.{rest:02d} %" if rest else f"{format_decimal(whole)} %"


@dataclass(frozen=True, kw_only=True)
class DrawPage(Page):
    template = "privacy/sample_draw.html"
    number: str
    job_href: str
    drawn: bool
    agrees: bool
    facts: Sequence[tuple[str, str]]
    reasons: Sequence[str]
    command: str
    checks: Sequence[tuple[str, str, tuple[str, str]]]


@blueprint.get("/sampling/draws/<draw_id>")
@needs("privacy:draw:see", on=load_draw)
def show_draw(one: Drawn) -> object:
    """Everything the answer was reckoned from, and the reckoning done again."""
    draw = one.draw
    again = rules.ticket(draw.root, draw.job_number)
    return DrawPage(
        number=draw.job_number,
        job_href=f"/wipes/{draw.job_id}" if may(visitor(), "privacy:job:see", get_job(g.db, draw.job_id)) else "",
        drawn=draw.drawn,
        agrees=f"{again:016x}" == draw.ticket and rules.is_drawn(again, draw.share) == draw.drawn,
        facts=[
            (_("Checkpoint of the public log"), _("size %(size)s", size=draw.size)),
            (_("Root of that checkpoint"), draw.root),
            (_("Entry of the acceptance"), str(draw.leaf_index)),
            (_("Wipe job"), draw.job_number),
            (_("Number drawn (hexadecimal)"), draw.ticket),
            (_("Drawn below"), f"{-(-draw.share * rules.SPACE // 100):016x} ({draw.share} %)"),
            (_("Its place from 0 to 1"), _place(again)),
            (_("Time of the draw"), when(draw.at) or ""),
        ],
        reasons=_reasons(draw.reasons),
        command=COMMAND.format(root=draw.root, number=draw.job_number, share=draw.share),
        checks=[
            (_(WHY[check.why]), f"/sampling/checks/{check.id}", (_(CHECK[check.state].label), CHECK[check.state].tone))
            for check in queries.checks_of(g.db, draw.job_id)
        ],
    ).answer()


def _reasons(codes: Sequence[str]) -> list[str]:
    """Who is family is told to inspectors only; everybody else reads that the two are close."""
    known = [code for code in codes if code in rules.REASONS]
    if visitor().roles & EVERYWHERE or "family" not in known:
        return [_(rules.REASONS[code]) for code in known]
    return [_("the two people are close"), *(_(rules.REASONS[code]) for code in known if code not in rules.CLOSE)]


COMMAND = (
    "python3 -c \"import hashlib;t=int.from_bytes(hashlib.sha256(b'xunshi-sample-1\\n'+bytes.fromhex('{root}')+b'\\n{number}')"
    ".digest()[:8],'big');print(t*100<{share}*2**64)\""
)


def _place(ticket: int) -> str:
    """Six decimals, cut off."""
    return f"0.{int(Fraction(ticket, rules.SPACE) * 10**6):06d}"
