"""Selling through the pages: a photo, the three screens, and where they lead."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from core.goods.card import Attribute
from core.goods.cards import find_card, get_card

NUMBERS = {"serial": "PF2ZZ801", "imei": "490154203237518", "meid": "A10000009296F2"}
OFFER = {"title": "优衣库大衣 M", "price": "199", "district": "330106", "description": "洗过一次", "condition": "light_use"}


def told(category: str, **changed: str) -> dict[str, str]:
    """What an honest seller answers on screen 2: everything that must be said, and no more."""
    card = get_card(category)
    said = {f"a_{one.code}": _value(one) for one in card.attributes if one.required}
    said |= {f"i_{one.kind}_0": NUMBERS[one.kind] for one in card.identifiers if one.required}
    said |= {f"d_{one.code}": "无" if one.kind == "text" else "no" for one in card.disclosures}
    if card.smart is not None:
        said["smart"] = "no"
    return said | changed


def _value(attribute: Attribute) -> str:
    if attribute.kind == "choice":
        return attribute.choices[0].code
    return {"year": "2021", "number": str(int(attribute.least or 1))}.get(attribute.kind, "X1")


def photo(colour: str = "teal", size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def upload(*files: bytes | tuple[str, bytes]) -> list[tuple[io.BytesIO, str]]:
    named = [one if isinstance(one, tuple) else (f"{n}.jpg", one) for n, one in enumerate(files)]
    return [(io.BytesIO(data), name) for name, data in named]


class Seller:
    """A person at the three screens."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def what(self, category: str = "clothing", *files: Any, path: str = "/sell") -> TestResponse:
        """Screen 1, with as many photos as this kind needs unless told."""
        card = find_card(category)
        enough = [photo() for _ in card.photos_needed] if card else [photo()]
        data = {"category": category, "photos": upload(*(files or enough))}
        return self.client.post(path, data=data, content_type="multipart/form-data")

    def draft(self, category: str = "clothing", *files: Any) -> str:
        answer = self.what(category, *files)
        assert answer.status_code == 303, answer.text
        return str(answer.location).split("/")[2]

    def details(self, draft: str, told: dict[str, str], *, code: bool = True) -> TestResponse:
        """Screen 2, with the photo beside the code where it is asked for."""
        sent = {"with_code": upload(("code.jpg", photo("white")))[0]} if code else {}
        return self.client.post(f"/sell/{draft}/details", data={**told, **sent})

    def finish(self, draft: str, **changed: str) -> TestResponse:
        return self.client.post(f"/sell/{draft}/price", data={**OFFER, **changed})

    def sells(self, category: str, told: dict[str, str], **changed: str) -> str:
        """All three screens; the listing's id."""
        draft = self.draft(category)
        answer = self.details(draft, told)
        assert answer.status_code == 303, errors(answer)
        answer = self.finish(draft, **changed)
        assert answer.status_code == 303, errors(answer)
        return str(answer.location).split("/")[-1]


def errors(answer: TestResponse) -> list[str]:
    """The sentences that stand at fields."""
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r'<p class="error".*?</p>', answer.text, re.S)]


@pytest.fixture
def selling() -> Callable[..., Seller]:
    return lambda person, **how: Seller(person.client(**how))
