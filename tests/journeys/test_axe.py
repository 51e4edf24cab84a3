"""Axe finds nothing serious: everybody of the demo follows every link, and each kind of page is looked at once on a phone."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.walker import Walker
from tests.soak import SOAKING

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OPTIONS = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SERIOUS = ("serious", "critical")
FILES = re.compile(r"\.(pdf|json|csv|zip|png|jpe?g|svg|py|txt|ics|xml|log|toml|md)$")
# who sees most of a room; the stranger sees what everybody does
EVERYBODY = ("", "Alice", "Bob", "Li", "Wang", "Zhao", "Guan", "Ines", "Tang")
MOST_OF_ONE = 60 if SOAKING else 45
# pages that are one page, filled from one file after the other
ALIKE = re.compile(r"^(/standards/(?:xunshi)?|/references/new/|/fees/)[^/]+")


@pytest.fixture(scope="module")
def axe() -> Any:
    found = pytest.importorskip("axe_playwright_python.sync_playwright")
    return found.Axe()


def kind_of(path: str) -> str:
    """An address without what names the one thing that it is about: numbers, ids, digests, files of one sort."""
    parts = ALIKE.sub(r"\1*", urlsplit(path).path).split("/")
    return "/".join("*" if re.search(r"\d", part) and len(part) > 1 else part for part in parts)


def links(page: Any) -> Iterator[str]:
    here = page.url
    for href in page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        whole = urlsplit(urljoin(here, href))
        if whole.netloc == urlsplit(here).netloc and whole.scheme == "http" and not FILES.search(whole.path):
            yield whole.path + (f"?{whole.query}" if whole.query else "")


def wrong(axe: Any, page: Any) -> list[str]:
    found = axe.run(page, options=OPTIONS).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS
    ]  # fmt: skip


def shown(page: Any, path: str) -> Any:
    """The answer; None for a file, which a browser keeps and doesn't show."""
    try:
        return page.goto(path)
    except Exception as no:
        if "Download is starting" not in str(no):
            raise
        return None


def visit(axe: Any, walker: Walker, start: str, seen: set[str]) -> dict[str, list[str]]:
    """Each kind of page that this person reaches and nobody before looked at."""
    ways, faults, looked = deque([start, "/me", "/search"]), {}, 0
    while ways and looked < MOST_OF_ONE:
        path = ways.popleft()
        if kind_of(path) in seen or "/language/" in path or "/sign-out" in path:
            continue
        seen.add(kind_of(path))
        answer = shown(walker.page, path)
        if answer is None or answer.status >= 400 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        looked += 1
        found = wrong(axe, walker.page)
        if found:
            faults[path] = found
        ways.extend(links(walker.page))
    return faults


@pytest.mark.parametrize(("language", "width", "people"), [("zh", 360, EVERYBODY), ("en", 1280, ("", "Li", "Guan"))])
def test_axe_finds_nothing_serious_on_any_page(open_browser: Any, axe: Any, language: str, width: int, people: tuple[str, ...]) -> None:
    seen: set[str] = set()
    faults: dict[str, list[str]] = {}
    for name in people:
        walker = Walker(open_browser(language, width), language)
        if name:
            walker.be(name)
            seen.discard("/me")
        else:
            walker.go(f"/language/{language}?next=/")
        if name == "Li":  # a check-list is only there once it is begun
            walker.go("/appraisals").press("Begin the check-list")
        faults |= {f"{name or 'nobody'} {path}": found for path, found in visit(axe, walker, walker.path, seen).items()}
    assert len(seen) > len(people) * 8, sorted(seen)
    assert not faults, "\n".join(f"{where}\n    " + "\n    ".join(found) for where, found in faults.items())


def test_axe_is_really_asked(open_browser: Any, axe: Any) -> None:
    """The twin: a page that lost a label and its contrast is found out."""
    page = open_browser("en", 360)
    page.goto("/search")
    assert not wrong(axe, page)
    page.evaluate("""() => {
        const pale = document.createElement("p");
        pale.textContent = "pale"; pale.style.color = "#ccc"; pale.style.background = "#fff";
        document.querySelector("main").prepend(document.createElement("input"), pale);
    }""")
    assert {one.split(" ")[0] for one in wrong(axe, page)} >= {"label", "color-contrast"}
