"""WeChat service messages of a public account: subscription notices (bizsend) or template messages; linking an account.

Source: developers.weixin.qq.com, 公众号: /cgi-bin/token; /cgi-bin/message/subscribe/bizsend; /cgi-bin/message/template/send;
/sns/oauth2/access_token. The operator's template has two fields, thing1 (what kind) and thing2 (what happened), 20 characters
each as WeChat allows. Off unless XUNSHI_WECHAT_APP is set."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from core import clock
from core.config import BadSetting, Config
from core.http_json import Address, NoAnswer, ask, read_url
from core.senders import NotWanted, TryLater

API = "https://api.weixin.qq.com"
AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
WAYS = {"subscribe": ("/cgi-bin/message/subscribe/bizsend", "page"), "template": ("/cgi-bin/message/template/send", "url")}
THING = 20
STALE = frozenset({40001, 40014, 42001})  # the token ended or another one was fetched
UNWANTED = frozenset({43101, 43004, 40003})  # refused, no follower any more, no such person
OFTEN = timedelta(minutes=1)  # 45011: too often within a minute
EARLY = timedelta(minutes=5)  # a token is renewed this long before it ends


@dataclass(slots=True)
class WeChat:
    """One line to WeChat; keeps its access token as long as it holds. Safe to use from several threads."""

    app: str
    secret: str = field(repr=False)
    template: str
    way: str
    address: Address
    _token: str = field(default="", repr=False)
    _until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def send(self, channel: str, address: str, subject: str, body: str) -> None:
        """`address` is an openid; `body` the sentence, then a space and where it leads."""
        path, place = WAYS[self.way]
        said, _space, link = body.rpartition(" ")
        said = said or body
        told = {
            "touser": address, "template_id": self.template, place: link if link.startswith(("http", "/")) else "",
            "data": {"thing1": {"value": shortened(subject)}, "thing2": {"value": shortened(said)}},
        }  # fmt: skip
        answer = self._ask(path, told, fresh=False)
        if answer.get("errcode") in STALE:
            answer = self._ask(path, told, fresh=True)
        judge(answer)

    def openid_of(self, code: str) -> str | None:
        """Whose WeChat account stands behind a code that WeChat gave the browser, or None for a code that doesn't count."""
        query = {"appid": self.app, "secret": self.secret, "code": code, "grant_type": "authorization_code"}
        found = ask(self.address, f"/sns/oauth2/access_token?{urlencode(query)}").get("openid")
        return found if isinstance(found, str) and found else None

    def where_to_agree(self, back: str, state: str) -> str:
        """Where WeChat asks the person whether we may know their openid (snsapi_base: nothing else)."""
        query = {"appid": self.app, "redirect_uri": back, "response_type": "code", "scope": "snsapi_base", "state": state}
        return f"{AUTHORIZE}?{urlencode(query)}#wechat_redirect"

    def _ask(self, path: str, told: dict[str, Any], *, fresh: bool) -> dict[str, Any]:
        return ask(self.address, f"{path}?{urlencode({'access_token': self._token_now(fresh)})}", told)

    def _token_now(self, fresh: bool) -> str:
        with self._lock:
            if fresh or self._until is None or clock.now() >= self._until:
                query = {"grant_type": "client_credential", "appid": self.app, "secret": self.secret}
                answer = ask(self.address, f"/cgi-bin/token?{urlencode(query)}")
                if not isinstance(answer.get("access_token"), str):
                    judge(answer)
                    raise NoAnswer("no access_token")
                self._token = answer["access_token"]
                self._until = clock.now() + timedelta(seconds=int(answer.get("expires_in", 0))) - EARLY
            return self._token


def judge(answer: dict[str, Any]) -> None:
    """Raise what an answer means: NotWanted, TryLater, or NoAnswer for whatever the operator has to look at."""
    code = answer.get("errcode", 0)
    if code == 0:
        return
    if code in UNWANTED:
        raise NotWanted()
    if code == 45009:  # the day's quota is used up: it begins anew at midnight in China
        here = clock.local(clock.now())
        midnight = (here + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
        raise TryLater(midnight - here)
    if code == 45011:
        raise TryLater(OFTEN)
    raise NoAnswer(f"WeChat said {code}")


def shortened(words: str) -> str:
    """As WeChat's `thing` takes it: one line of at most 20 characters."""
    line = " ".join(words.split())
    return line if len(line) <= THING else f"{line[: THING - 1]}…"


def from_config(config: Config) -> WeChat:
    """Raises BadSetting where something is missing or can't be used."""
    if not (config.wechat_secret and config.wechat_template):
        raise BadSetting("XUNSHI_WECHAT_APP needs XUNSHI_WECHAT_SECRET and XUNSHI_WECHAT_TEMPLATE")
    if config.wechat_way not in WAYS:
        raise BadSetting(f"XUNSHI_WECHAT_WAY must be subscribe or template, not {config.wechat_way!r}")
    if config.production and config.wechat_api:
        raise BadSetting("XUNSHI_WECHAT_API is for a stand-in on this machine, never in production")
    address = read_url("XUNSHI_WECHAT_API", config.wechat_api or API)
    return WeChat(config.wechat_app, config.wechat_secret, config.wechat_template, config.wechat_way, address)
