"""What it costs, for everybody: present, coming and earlier versions, each to read and to take home, and a calculator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask.wrappers import Response
from flask_babel import gettext as _

from core import canonical, clock
from core.access import may, public, visitor
from core.errors import NotFound
from core.money import CNY, BadAmount, Money, format_money, parse_yuan
from core.page import Page
from core.web import sentence
from market.ledger.fees.explain import Explained, explain_lines
from market.ledger.fees.forms import AnnounceForm, CalculatorForm
from market.ledger.fees.models import FeePolicyVersion
from market.ledger.fees.policy import Sale
from market.ledger.fees.queries import find_draft, find_version, get_frozen, policy_for, policy_ids
from market.ledger.fees.rules import BadSale, compute
from market.ledger.fees.settings import notice
from market.ledger.fees.shape import line_data
from market.ledger.fees.show import PolicyShown, VersionShown, channel_of, policy_shown, version_shown
from market.ledger.fees.views import blueprint


@dataclass(frozen=True, slots=True)
class Calculated:
    """What the calculator found; amounts written out."""

    buyer: str
    fees: str
    seller: str
    policy: str
    href: str
    explained: Sequence[Explained]


@dataclass(frozen=True, kw_only=True)
class FeesPage(Page):
    template = "market/fees.html"
    policies: Sequence[PolicyShown]
    form: CalculatorForm
    found: Calculated | None
    edits: bool
    notice_days: int


@blueprint.get("")
@public
def overview() -> object:
    shown = [policy_shown(g.db, one, channel_of(g.db, one)) for one in policy_ids(g.db)]
    form = CalculatorForm(formdata=request.args or None)
    form.offer([(one.channel, one.present.title) for one in shown], g.language)
    form.channel.data = form.channel.data or (shown[0].channel if shown else "")
    return FeesPage(
        policies=shown, form=form, found=_calculate(form) if request.args.get("price") is not None else None,
        edits=may(visitor(), "market:fees:edit"), notice_days=notice().days,
    ).answer()  # fmt: skip


def _calculate(form: CalculatorForm) -> Calculated | None:
    """The sale that was typed, under what counts today; None with the error at its field."""
    fits, typed = form.validate(), dict[str, int]()
    for name in ("price", "discount"):
        field = form[name]
        try:
            typed[name] = parse_yuan(field.data).minor if name == "price" or (field.data or "").strip() else 0
        except BadAmount as no:
            field.errors = [*field.errors, sentence(no)]
    if not fits or len(typed) < 2:
        return None
    found = policy_for(g.db, form.channel.data, clock.now())
    today = clock.local(clock.now()).date()
    sale = Sale(id="1", price=typed["price"], discount=typed["discount"], category=form.category.data or None, day=today)
    try:
        line = compute(found.policy, [sale]).lines[0]
    except BadSale:
        form.discount.errors = [_("The discount can't be more than the price.")]
        return None
    buyer, fees, seller = (_money(one) for one in (line.gross - line.discount, line.charged, line.payout))
    return Calculated(
        buyer, fees, seller, _("%(policy)s, version %(version)s", policy=found.id, version=found.version),
        f"/fees/{found.id}/{found.version}", explain_lines(line_data(line), g.language),
    )  # fmt: skip


def _money(minor: int) -> str:
    return format_money(Money(minor, CNY), g.language)


@dataclass(frozen=True, kw_only=True)
class VersionPage(Page):
    template = "market/fees_version.html"
    shown: VersionShown
    present: VersionShown | None
    edits: bool
    announces: bool
    form: AnnounceForm
    notice_days: int
    draft_version: int | None


@blueprint.get("/<policy_id>/<int:version>")
@public
def show(policy_id: str, version: int) -> object:
    return version_page(policy_id, version)


def version_page(policy_id: str, version: int, form: AnnounceForm | None = None, status: int = 200) -> object:
    """One version with its text; what an administrator can do with it. A draft is theirs alone."""
    row = visible(policy_id, version)
    shown = version_shown(get_frozen(g.db, policy_id, version), row)
    now = policy_for(g.db, channel_of(g.db, policy_id), clock.now())
    present = None if now.version == version else version_shown(now, find_version(g.db, policy_id, now.version))
    edits = may(visitor(), "market:fees:edit")
    draft = find_draft(g.db, policy_id) if edits else None
    return VersionPage(
        shown=shown, present=present, edits=edits, announces=shown.draft and edits, form=form or AnnounceForm(),
        notice_days=notice().days, draft_version=draft.version if draft else None,
    ).answer(status)  # fmt: skip


def visible(policy_id: str, version: int) -> FeePolicyVersion | None:
    """The row, None for what came with the house and was not kept yet. Raises NotFound for what isn't public."""
    row = find_version(g.db, policy_id, version)
    if row is None:
        get_frozen(g.db, policy_id, version)
    elif row.announced_at is None and not may(visitor(), "market:fees:edit"):
        raise NotFound()
    return row


@blueprint.get("/<policy_id>/<int:version>.json")
@public
def download(policy_id: str, version: int) -> object:
    """The text itself: what the digest is of, and what `flask fees explain --policy` takes."""
    visible(policy_id, version)
    data: Any = get_frozen(g.db, policy_id, version).data
    answer = Response(canonical.encode(data), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{policy_id}-{version}.json"'
    return answer
