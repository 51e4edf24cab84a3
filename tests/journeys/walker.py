"""What a person does with a page: read, tap, fill in. Works in both languages by looking up the page's own sentences."""

import io
import os
import re
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from core.i18n import say


class Walker:
    """Somebody with a phone or a desk. `t` gives a sentence in their language."""

    def __init__(self, page: Any, language: str, shots: str = "") -> None:
        self.page, self.language = page, language
        self.shots, self.count = shots or os.environ.get("XUNSHI_SHOTS", ""), 0

    def t(self, sentence: str, **values: object) -> str:
        return say(sentence, self.language, **values)

    def be(self, name: str) -> "Walker":
        """Sign in as a demo person by the button of the demo page."""
        self.page.goto(f"/language/{self.language}?next=/demo")
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator("form[action^='/demo/sign-in/']", has_text=f"({name})").locator("button").first.click()
        return self

    def go(self, path: str) -> "Walker":
        answer = self.page.goto(path)
        assert answer is not None and answer.status < 400, f"{path}: {answer and answer.status}"
        self.look(path)
        return self

    def press(self, sentence: str, **values: object) -> "Walker":
        """Tap a button or link by its words."""
        words = self.t(sentence, **values)
        main = self.page.locator("main")
        found = main.get_by_role("button", name=words, exact=True).or_(main.get_by_role("link", name=words, exact=True))
        with self.page.expect_navigation(wait_until="load"):
            asks = found.first.get_attribute("data-confirm")
            found.first.click()
            if asks:
                self.page.locator("dialog[open] button[value=yes]").click()
        self.look(sentence)
        return self

    def offers(self, sentence: str) -> bool:
        """Is there a button or link with these words?"""
        main, words = self.page.locator("main"), self.t(sentence)
        return bool(main.get_by_role("button", name=words, exact=True).or_(main.get_by_role("link", name=words, exact=True)).count())

    def fill(self, **fields: str) -> "Walker":
        for name, value in fields.items():
            self.page.locator(f"[name='{name}']:not([type=hidden])").first.fill(value)
        return self

    def choose(self, **fields: str) -> "Walker":
        """Radio buttons and selects by their value."""
        for name, value in fields.items():
            field = self.page.locator(f"select[name='{name}']")
            if field.count():
                field.first.select_option(value)
            else:
                self.check(self.page.locator(f"input[name='{name}'][value='{value}']").first)
        return self

    def tick(self, *names: str) -> "Walker":
        for name in names:
            self.check(self.page.locator(f"input[type=checkbox][name='{name}']"))
        return self

    @staticmethod
    def check(box: Any) -> None:
        """Tick a box as a thumb would: brought to the middle first, away from the bars."""
        box.evaluate("one => one.scrollIntoView({ block: 'center' })")
        box.check(force=True)

    def upload(self, name: str, *files: tuple[str, str, bytes]) -> "Walker":
        self.page.locator(f"input[type=file][name='{name}']").set_input_files(
            [{"name": n, "mimeType": kind, "buffer": raw} for n, kind, raw in files]
        )
        return self

    def unfold(self) -> "Walker":
        """Open everything that is folded away."""
        self.page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
        return self

    def sees(self, sentence: str, **values: object) -> "Walker":
        """The page says this, in the walker's language."""
        words = self.t(sentence, **values)
        body = " ".join(self.page.locator("body").inner_text().split())
        assert " ".join(words.split()) in body, f"{words!r} is not on {self.page.url}: {body[:900]}"
        return self

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    def look(self, what: str) -> None:
        """No page is wider than the screen; pictures are kept where XUNSHI_SHOTS names a folder."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 1, f"{self.path} is {wide} px wider than the screen"
        assert "Project-Id-Version" not in self.page.content(), f"{self.path} shows the head of the catalogue"
        if self.shots:
            self.count += 1
            name = re.sub(r"[^A-Za-z0-9]+", "-", what)[:40]
            Path(self.shots).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{self.shots}/{self.language}-{id(self) % 1000:03d}-{self.count:02d}-{name}.png", full_page=True)


def photo(word: str, colour: tuple[int, int, int]) -> bytes:
    """A small JPEG drawn here."""
    picture = Image.new("RGB", (900, 700), colour)
    ImageDraw.Draw(picture).text((60, 60), word, fill="white")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
