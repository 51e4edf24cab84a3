"""Which notices go where besides the inbox, and the link to a WeChat account."""

import hmac
from dataclasses import dataclass

from flask import flash, g, redirect, request, session
from flask_babel import gettext as _

from core import clock, ids, mail
from core.access import needs, visitor
from core.doing import done
from core.errors import Refused
from core.http_json import NoAnswer
from core.i18n import N_
from core.page import Page
from core.people.actions import messages
from core.people.notice_models import WechatLink
from core.people.notice_rules import HOUSE, KINDS, WAYS, ways_on
from core.people.notices import choices
from core.people.views import blueprint
from core.people.ways import address_of
from core.web import config, limiter
from core.wechat import WeChat
from core.work import work

PATH = "/me/settings/messages"
LINKED = N_("Your WeChat account is linked.")
NOT_LINKED = N_("WeChat gave no answer that counts. Try again from this page.")


@dataclass(frozen=True, slots=True)
class Box:
    """One tick: `fixed` can't be changed here; `on` is how it stands."""

    name: str
    label: str
    on: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class KindLine:
    label: str
    text: str
    always: bool
    urgent: bool
    boxes: list[Box]


@dataclass(frozen=True, slots=True)
class WayLine:
    """A way out of the house. state: open | no_address | closed (the house has no sender for it)"""

    code: str
    label: str
    state: str


@dataclass(frozen=True, kw_only=True)
class MessagesPage(Page):
    template = "core/people_messages.html"
    kinds: list[KindLine]
    ways: list[WayLine]
    problem: str
    wechat: str
    pretend: bool


@blueprint.get(PATH)
@needs("core:account:keep")
def messages_page() -> object:
    return _page()


def _page(problem: str = "", status: int = 200) -> object:
    me = visitor().actor.id
    ways = [WayLine(way, label, _state(me, way)) for way, label in WAYS.items()]
    chosen = choices(g.db, me)
    kinds = []
    for kind in KINDS.values():
        on = ways_on(kind, chosen.get(kind.code, {}))
        boxes = [Box(f"{kind.code}.{HOUSE}", N_("In your inbox here"), HOUSE in on, kind.always)]
        boxes += [Box(f"{kind.code}.{way.code}", way.label, way.code in on, False) for way in ways if way.state == "open"]
        kinds.append(KindLine(kind.label, kind.text, kind.always, kind.urgent, boxes))
    return MessagesPage(kinds=kinds, ways=ways, problem=problem, wechat=_wechat(me), pretend=_line() is None).answer(status)


def _wechat(account_id: str) -> str:
    link = g.db.get(WechatLink, account_id)
    if mail.find_sender("wechat") is None:
        return "closed"
    return "none" if link is None else "refused" if link.refused_at else "linked"


def _state(account_id: str, way: str) -> str:
    if mail.find_sender(way) is None:
        return "closed"
    return "open" if address_of(g.db, account_id, way) else "no_address"


@blueprint.post(PATH)
@needs("core:account:keep")
def messages_choose() -> object:
    """Every tick that the page showed; a way that isn't open now keeps what was chosen."""
    me = visitor().actor.id
    open_ways = [way for way in WAYS if _state(me, way) == "open"]
    chosen = {
        (kind.code, way): f"{kind.code}.{way}" in request.form
        for kind in KINDS.values() for way in (*(() if kind.always else (HOUSE,)), *open_ways)
    }  # fmt: skip
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            messages.choose(w, me, chosen)
    except Refused as no:
        return _page(_(no.sentence), no.status)
    return done(_("Your choice is kept."), PATH)


def _line() -> WeChat | None:
    """The house's line to WeChat; None where there is none, or only the outbox of a house that isn't in production."""
    sender = mail.find_sender("wechat")
    return sender if isinstance(sender, WeChat) else None


@blueprint.get("/me/settings/wechat")
@needs("core:account:keep")
def wechat_ask() -> object:
    """Off to WeChat, which asks the person and sends them back; without a line (never in production) one is pretended."""
    if mail.find_sender("wechat") is None:
        return redirect(PATH, 303)
    state = session["wechat_state"] = ids.new_id()
    line = _line()
    if line is None:
        return redirect(f"/me/settings/wechat/back?code=pretended&state={state}", 303)
    return redirect(line.where_to_agree(f"{config().base_url}/me/settings/wechat/back", state), 303)


@blueprint.get("/me/settings/wechat/back")
@limiter.limit("20 per hour")
@needs("core:account:keep")
def wechat_back() -> object:
    """`state` proves that this browser asked: nobody else's WeChat account can be hung onto ours."""
    me, asked, line = visitor().actor.id, session.pop("wechat_state", ""), _line()
    code, same = request.args.get("code", ""), hmac.compare_digest(asked.encode(), request.args.get("state", "").encode())
    if not asked or not same or not code or mail.find_sender("wechat") is None:
        return _not_linked()
    try:
        openid = f"pretended-{me}" if line is None else line.openid_of(code)
    except NoAnswer:
        return _not_linked()
    if openid is None:
        return _not_linked()
    with work(g.db, visitor().actor, clock.now()) as w:
        messages.link_wechat(w, me, openid)
    return done(_(LINKED), PATH)


def _not_linked() -> object:
    flash(_(NOT_LINKED), "warn")
    return redirect(PATH, 303)


@blueprint.post("/me/settings/wechat/end")
@needs("core:account:keep")
def wechat_end() -> object:
    with work(g.db, visitor().actor, clock.now()) as w:
        messages.unlink_wechat(w, visitor().actor.id)
    return done(_("The link to WeChat has ended."), PATH)
