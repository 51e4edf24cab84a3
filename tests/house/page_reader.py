"""Reads a page as a careful visitor would: headings, labels, links, and what must not be there."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path", "use"}
TYPES_WITHOUT_LABEL = {"hidden", "submit", "button", "reset", "image"}


@dataclass
class Sheet(HTMLParser):
    """What one page says. `problems()` is empty for a good page."""

    h1: int = 0
    lang: str = ""
    title: str = ""
    links: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    controls: list[tuple[str, str]] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.stack.append(tag)
        self.h1 += tag == "h1"
        self.inline += [f"<{tag} {name}>" for name in have if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in have):
            self.inline.append(f"<{tag}>")
        if tag == "html":
            self.lang = have.get("lang", "")
        if tag == "a" and "href" in have:
            self.links.append(have["href"])
        if tag == "label" and "for" in have:
            self.labelled.add(have["for"])
        if tag == "img" and "alt" not in have:
            self.nameless.append(f"<img src={have.get('src')}>")
        if "id" in have:
            self.ids.append(have["id"])
        if tag in ("input", "select", "textarea") and have.get("type") not in TYPES_WITHOUT_LABEL:
            self._control(tag, have)

    def _control(self, tag: str, have: dict[str, str]) -> None:
        named = "label" in self.stack or have.get("aria-label") or have.get("aria-labelledby")
        if not named:
            self.controls.append((have.get("id", ""), f"<{tag} name={have.get('name')}>"))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.stack:
            while self.stack.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] == "title" and "svg" not in self.stack:
            self.title += data
        elif data.strip() and (not self.stack or self.stack[-1] not in ("script", "style")):
            self.texts.append(data.strip())

    def problems(self, language: str, untranslated: set[str]) -> list[str]:
        """`untranslated`: English sentences that have a Chinese one."""
        found = [f"{self.h1} h1"] if self.h1 != 1 else []
        found += [] if self.lang == {"zh": "zh-CN", "en": "en"}[language] else [f"lang {self.lang!r}"]
        found += [] if self.title.strip(" ·") else ["no title"]
        found += [f"inline code: {one}" for one in self.inline]
        found += [f"no label: {what}" for name, what in self.controls if name not in self.labelled]
        found += [f"no alt: {one}" for one in self.nameless]
        found += [f"id twice: {one}" for one in sorted({one for one in self.ids if self.ids.count(one) > 1})]
        found += [f"not filled in: {one[:60]!r}" for one in self.texts if "%(" in one or "{{" in one or "{%" in one]
        found += ["the head of the catalogue stands on it (an empty sentence was translated)"] * any("Project-Id" in one for one in self.texts)
        if language == "zh":
            found += [f"English: {one[:60]!r}" for one in self.texts if one in untranslated]
        return found


def read(text: str) -> Sheet:
    sheet = Sheet()
    sheet.feed(text)
    return sheet
