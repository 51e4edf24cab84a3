"""JSON over HTTPS to a provider, by the standard library: one request a connection, short waits, a small answer."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.config import BadSetting

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST = 256 * 1024  # an answer is a few hundred bytes
SECONDS = 10


class NoAnswer(Exception):  # noqa: N818  (nobody knows whether it was done)
    """Nothing came back that can be read: no connection, no JSON, or a status that isn't 200."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a provider is: https anywhere, http on this machine only (a stand-in for tests)."""

    secure: bool
    host: str
    port: int
    path: str


def read_url(setting: str, url: str) -> Address:
    """Raises BadSetting, naming the setting, for whatever isn't https (or http on loopback)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if not parts.hostname or parts.scheme not in ("https", "http") or (parts.scheme == "http" and parts.hostname not in LOOPBACK):
        raise BadSetting(f"{setting} must be an address like https://sms.example.com/v1/send")
    secure = parts.scheme == "https"
    return Address(secure, parts.hostname, port or (443 if secure else 80), parts.path.rstrip("/"))


def ask(
    address: Address, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """POST `body` as JSON (GET without one) and give the JSON object that comes back. Raises NoAnswer."""
    raw = None if body is None else encoded(body)
    kind = http.client.HTTPSConnection if address.secure else http.client.HTTPConnection
    extra: dict[str, Any] = {"context": ssl.create_default_context()} if address.secure else {}
    connection = kind(address.host, address.port, timeout=SECONDS, **extra)
    try:
        sent = {"Accept": "application/json", "Content-Type": "application/json", **(headers or {})}
        connection.request("GET" if raw is None else "POST", address.path + path, raw, sent)
        answer = connection.getresponse()
        found = json.loads(answer.read(MOST))
    except (OSError, ValueError, http.client.HTTPException) as fault:
        raise NoAnswer(type(fault).__name__) from None
    finally:
        connection.close()
    if answer.status != 200 or not isinstance(found, dict):
        raise NoAnswer(f"status {answer.status}")
    return found


def encoded(body: Mapping[str, Any]) -> bytes:
    """The very bytes that are sent, so that they can be signed."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
