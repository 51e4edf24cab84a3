"""What comes over the line: Stripe's nested form fields, its errors, its lists."""

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from market.payments.standin.store import Shelf, Thing

PART = re.compile(r"\[([^\]]*)\]")


class Refusal(Exception):  # noqa: N818  (an answer)
    """An error as Stripe words it. `ran`: it came while the question was carried out, so its key keeps it."""

    def __init__(self, status: int, code: str, message: str, *, kind: str = "invalid_request_error", ran: bool = False) -> None:
        super().__init__(code)
        self.status, self.ran = status, ran
        self.body: Thing = {"error": {"type": kind, "code": code, "message": message}}


def unfold(fields: MultiDict[str, str]) -> Thing:
    """`line_items[0][price_data][currency]=cny` becomes nested dicts; numbered parts become lists."""
    whole: Thing = {}
    for name, value in fields.items(multi=True):
        head, *rest = [name.split("[", 1)[0], *PART.findall(name)]
        place, key = whole, head
        for part in rest:
            place = place.setdefault(key, {})
            key = part or str(len(place))
        place[key] = value
    return {key: _listed(value) for key, value in whole.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(one) for key, one in value.items()}


def whole_number(words: Thing, name: str) -> int:
    try:
        number = int(words[name])
    except (KeyError, ValueError, TypeError):
        raise Refusal(400, "parameter_invalid_integer", f"Invalid integer: {name}") from None
    if number < 1:
        raise Refusal(400, "parameter_invalid_integer", f"{name} must be greater than 0")
    return number


def needed(words: Thing, *names: str) -> None:
    for name in names:
        if not words.get(name):
            raise Refusal(400, "parameter_missing", f"Missing required param: {name}.")


def allowed(words: Thing, *names: str) -> None:
    """A word we don't know is refused, as Stripe does: a slip in our adapter shows."""
    for name in words:
        if name not in names and name != "expand":
            raise Refusal(400, "parameter_unknown", f"Received unknown parameter: {name}")


def get(shelf: Shelf, thing_id: str, kind: str) -> Thing:
    found = shelf.find(str(thing_id))
    if found is None or found["object"] != kind:
        raise Refusal(404, "resource_missing", f"No such {kind}: '{thing_id}'")
    return found


def listed(path: str, things: list[Thing], words: Thing) -> Thing:
    """A page of a list, newest first, after the thing that was named."""
    since = (words.get("created") or {}).get("gte") if isinstance(words.get("created"), dict) else None
    if since:
        things = [one for one in things if one["created"] >= int(since)]
    after = words.get("starting_after")
    if after:
        there = [n for n, one in enumerate(things) if one["id"] == after]
        things = things[there[0] + 1 :] if there else []
    most = int(words.get("limit") or 10)
    return {"object": "list", "url": path, "has_more": len(things) > most, "data": things[:most]}


def expand(shelf: Shelf, thing: Thing, paths: list[str]) -> Thing:
    """Replace ids by the things themselves where asked, as `latest_charge.balance_transaction`."""
    for path in paths:
        place, parts = thing, path.split(".")
        for part in parts:
            if not isinstance(place, dict) or place.get(part) is None:
                break
            if isinstance(place[part], str):
                place[part] = shelf.find(place[part]) or place[part]
            place = place[part]
    return thing
