"""What the pages of consignors' files share: a file and who may collect, as people read them, masked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import g
from flask_babel import gettext as _

from core.audit import AuditLine
from core.i18n import listed
from core.people.models import Account
from core.people.names import shown_name, shown_org
from core.people.rules import months_later
from core.states import Tone
from core.when import day_words, exact
from market.channels.consignment import attached, own_data, queries, rules
from market.channels.consignment.models import Consignor, Delegate
from market.channels.consignment.states import CONSIGNOR


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """A file with everything masked. `state`: (word, tone); `rows`, `choices`: (what, value); `erase`: the day of its erasure."""

    id: str
    number: str
    shop: str
    shop_id: str
    name: str
    contact: str
    state: tuple[str, Tone]
    help: str
    code: str
    since: str
    rows: Sequence[tuple[str, str]] = ()
    choices: Sequence[tuple[str, str]] = ()
    erase: str = ""


def shown_line(row: Consignor) -> FileShown:
    """A line in a list."""
    state = CONSIGNOR[row.state]
    return FileShown(
        id=row.id, number=row.number, shop=shown_org(row.org, g.language), shop_id=row.org_id, name=row.shown,
        contact=row.contact_masked, state=(_(state.label), state.tone), help=_(state.help), code=row.state,
        since=day_words(row.opened_at), erase=_erased_on(row),
    )  # fmt: skip


def _erased_on(row: Consignor) -> str:
    if row.state != "closed" or row.closed_at is None:
        return ""
    return exact(months_later(row.closed_at, own_data.months()))[:10]


def masked_rows(row: Consignor) -> list[tuple[str, str]]:
    """Who it is, masked, with when the paper was seen."""
    paper = f"{_(rules.PAPER_WORDS[row.paper_kind])} · {row.paper_masked}"
    return [
        (_("Name on the paper"), row.shown), (_("Paper"), paper), (_("Paper seen"), exact(row.paper_seen_at)),
        (_("Contact"), row.contact_masked), (_("Address"), _("on file") if row.address else _("none on file")),
    ]  # fmt: skip


def full_rows(row: Consignor) -> list[tuple[str, str]]:
    """Who it is, in full: only after it was recorded, or for the person."""
    account = queries.plain(row.payout_account, queries.ACCOUNT)
    return [
        (_("Name on the paper"), queries.plain(row.name, queries.NAME)), (_("Paper"), _(rules.PAPER_WORDS[row.paper_kind])),
        (_("Number of the paper"), queries.plain(row.paper_no, queries.PAPER)),
        (_("Contact"), queries.plain(row.contact, queries.CONTACT)),
        (_("Address"), queries.plain(row.address, queries.ADDRESS) or _("none on file")),
        *([(_("Account or card"), account)] if account else []),
    ]  # fmt: skip


def choice_rows(row: Consignor) -> list[tuple[str, str]]:
    paid = _(rules.PAYOUT_WORDS[row.payout])
    return [
        (_("Way of payout"), f"{paid} · {row.payout_masked}" if row.payout_masked else paid),
        (_("Marking down"), _("never without asking") if row.no_discount else _("as agreed")),
        (_("What isn't sold in time"), _("is donated") if row.donate_unsold else _("is fetched, or as agreed")),
    ]


def shown_file(row: Consignor) -> FileShown:
    """With all its masked rows; of an erased one nothing is left to show."""
    line = shown_line(row)
    return line if row.state == "erased" else replace(line, rows=masked_rows(row), choices=choice_rows(row))


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateShown:
    """Who may collect. `what`: goods, money or both, in words; `over`: since when they may not any more, "" while they may."""

    id: str
    name: str
    paper: str
    what: str
    since: str
    over: str = ""


def shown_delegate(one: Delegate) -> DelegateShown:
    what = listed([word for word, may in ((_("goods"), one.goods), (_("money"), one.money)) if may], g.language)
    over = f"{exact(one.ended_at)} · {_(rules.DELEGATE_ENDS[one.ended_why])}" if one.ended_at else ""
    paper = f"{_(rules.PAPER_WORDS[one.paper_kind])} · {one.paper_masked}"
    return DelegateShown(id=one.id, name=one.shown, paper=paper, what=what, since=day_words(one.named_at), over=over)


def delegates_of(row: Consignor) -> list[DelegateShown]:
    """Who may collect now."""
    return [shown_delegate(one) for one in queries.live_delegates(g.db, row.id)]


def attached_to(row: Consignor) -> list[attached.Attached]:
    return attached.rows(g.db, row.id)


def looks_at(row: Consignor) -> list[tuple[str, str, str]]:
    """(when, who, why) the shop saw the file, or a paper with the full name."""
    return [(exact(line.at), _who(line.actor), _why(line)) for line in queries.looks_at(g.db, row.id)]


def _who(actor: str) -> str:
    known = g.db.get(Account, actor)
    return shown_name(known) if known else _("The shop")


def _why(line: AuditLine) -> str:
    words = rules.LOOKS | rules.SHOWN_THERE
    return str(_(words[str(line.facts.get("why") or line.facts["what"])]))
