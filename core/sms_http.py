"""An example of a short message adapter, ready to use: `XUNSHI_SMS=core.sms_http:HttpSms`. JSON over HTTPS, signed.

What is sent (POST to XUNSHI_SMS_URL):

    {"to": "13812345678", "text": "…", "id": "<64 hex>", "time": "2026-11-30T08:00:00Z"}
    X-Key: <XUNSHI_SMS_KEY>
    X-Signature: <hex HMAC-SHA256 of the body's bytes with XUNSHI_SMS_SECRET>

What comes back: {"ok": true}, or {"ok": false, "code": "refused" | "busy" | anything else}. `id` is the same for the same
message within the hour, so that a gateway can leave out what comes twice. A gateway of another shape: copy this module."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from core import clock
from core.config import BadSetting, Config
from core.http_json import Address, NoAnswer, ask, encoded, read_url
from core.senders import NotWanted, TryLater

BUSY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class HttpSms:
    address: Address
    key: str
    secret: bytes = field(repr=False)

    @classmethod
    def from_config(cls, config: Config) -> "HttpSms":
        """Raises BadSetting where one of the three settings is missing or can't be used."""
        if not (config.sms_url and config.sms_key and config.sms_secret):
            raise BadSetting("core.sms_http:HttpSms needs XUNSHI_SMS_URL, XUNSHI_SMS_KEY and XUNSHI_SMS_SECRET")
        return cls(read_url("XUNSHI_SMS_URL", config.sms_url), config.sms_key, config.sms_secret.encode())

    def send(self, channel: str, address: str, subject: str, body: str) -> None:
        """`body` is the message; short messages have no subject."""
        at = clock.now()
        same = hashlib.sha256(f"{at:%Y-%m-%dT%H}\n{address}\n{body}".encode()).hexdigest()
        told = {"to": address, "text": body, "id": same, "time": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        signature = hmac.new(self.secret, encoded(told), hashlib.sha256).hexdigest()
        answer = ask(self.address, "", told, {"X-Key": self.key, "X-Signature": signature})
        if answer.get("ok") is True:
            return
        if answer.get("code") == "refused":
            raise NotWanted()
        if answer.get("code") == "busy":
            raise TryLater(BUSY)
        raise NoAnswer(f"the gateway said {str(answer.get('code'))[:40]!r}")
