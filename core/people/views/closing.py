"""Closing one's own account: what happens, what is kept and how long, what still holds, and the password."""

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock, ports
from core.access import needs, visitor
from core.doing import done
from core.errors import Invalid, Refused
from core.i18n import N_
from core.page import Page
from core.people import visitors
from core.people.actions import closing
from core.people.forms import CloseForm, CloseWithFactorForm
from core.people.notices import spoken
from core.people.queries import get_account
from core.people.views import blueprint
from core.people.views.parts import slowly
from core.work import work


@dataclass(frozen=True, slots=True)
class HoldLine:
    """Something that is still open: its sentence, where it is settled, and what the link says."""

    text: str
    href: str
    way: str


@dataclass(frozen=True, kw_only=True)
class ClosePage(Page):
    """`erased`: names of what goes at once; `kept`: (what, how long, why)."""

    template = "core/people_close.html"
    form: CloseForm | CloseWithFactorForm
    holds: list[HoldLine]
    erased: list[str]
    kept: list[tuple[str, str, str]]
    seller: bool


@blueprint.route("/me/settings/close", methods=["GET", "POST"])
@needs("core:account:guard")
@slowly("10 per minute")
def close_account() -> object:
    account_id = visitor().actor.id
    has_factor = get_account(g.db, account_id).totp_secret is not None
    form = CloseWithFactorForm() if has_factor else CloseForm()
    if not form.is_submitted():
        return _page(form).answer()
    try:
        if not form.validate():
            return _page(form).answer(422)
        if not form.sure.data:
            raise Invalid("not_sure", N_("Tick this if you want to close the account."), field="sure")
        _close(account_id, form)
    except Refused as no:
        form.blame(no)
        return _page(form).answer(no.status)
    visitors.sign_out()
    return done(_("Your account is closed. Thank you for having been here."), "/")


def _close(account_id: str, form: CloseForm | CloseWithFactorForm) -> None:
    code = form.code.data if isinstance(form, CloseWithFactorForm) else None
    with work(g.db, visitor().actor, clock.now()) as w:
        no = closing.close(w, account_id, form.password.data or "", code)
    if no is not None:
        raise no


def _page(form: CloseForm | CloseWithFactorForm) -> ClosePage:
    account_id, rows = visitor().actor.id, ports.retention()
    return ClosePage(
        form=form,
        holds=[
            HoldLine(spoken(one.sentence, one.values, g.language), one.link, _(one.way)) for one in ports.holds(g.db, account_id)
        ],
        erased=[_(row.data) for row in rows if row.closing],
        kept=[(_(row.data), _how_long(row), _(row.source)) for row in rows if not row.closing],
        seller=closing.is_seller(g.db, account_id),
    )  # fmt: skip


def _how_long(row: ports.RetentionRow) -> str:
    years, months = divmod(row.months, 12)
    time = ngettext("%(num)s month", "%(num)s months", row.months) if months else ngettext("%(num)s year", "%(num)s years", years)
    return str(_("%(time)s from: %(since)s", time=time, since=_(row.since)))
