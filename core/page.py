"""A page is a value: a frozen dataclass whose fields are the template's variables."""

import dataclasses
from typing import Any, ClassVar

from flask import make_response, render_template, request
from flask.wrappers import Response


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """Subclass it next to the view, name the template, add fields. `return ListingPage(...).answer()`."""

    template: ClassVar[str] = ""

    def values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def render(self) -> str:
        return render_template(self.template, **self.values())

    def answer(self, status: int = 200) -> Response:
        return make_response(self.render(), status)


def page_number(key: str = "page") -> int:
    """The page of a list that is asked for, from 1; anything odd is the first."""
    asked = request.args.get(key, "1")
    return min(max(int(asked), 1), 100_000) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
