"""The colours of the house can be read: WCAG 2.2 AA contrast of static/css/tokens.css in both themes."""

import gzip
import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TONES = ("neutral", "info", "good", "warn", "bad", "unknown")
TEXT = 4.5  # WCAG 2.2, 1.4.3, normal text
EDGE = 3.0  # WCAG 2.2, 1.4.11, controls and icons

Theme = dict[str, str]


def blocks(css: str) -> list[tuple[str, Theme]]:
    """(selector, colours) of each rule that names colours, in the file's order."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", bare)
    named = [(s.strip(), dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", body))) for s, body in rules]
    return [(selector, colours) for selector, colours in named if colours]


def themes() -> dict[str, Theme]:
    found = dict(blocks((CSS / "tokens.css").read_text(encoding="utf-8")))
    return {
        "light": found[":root"],
        "system dark": found[':root:not([data-theme="light"])'],
        "chosen dark": found[':root[data-theme="dark"]'],
    }


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 black to 1 white (WCAG 2.2 glossary)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """(foreground, background, least contrast) of everything that stands on something."""
    on_paper = ("ink", "ink-soft", "link", "brand", "bad", "warn", "sell", "price", "unknown", "info", "good")
    text = [(fore, back) for fore in on_paper for back in ("ground", "surface")]
    text += [("ink", "sunken"), ("ink-soft", "sunken"), ("link", "sunken"), ("ink", "brand-soft")]
    text += [(f"{one}-ink", back) for one in ("brand", "sell") for back in (one, f"{one}-strong")]
    text += [("kraft-ink", "kraft"), *((fore, "brand-soft") for fore in ("ink-soft", "brand", "price"))]
    text += [(tone, f"{tone}-soft") for tone in TONES] + [("ink", f"{tone}-soft") for tone in TONES]
    text += [("surface", "good"), ("surface", "bad"), ("door-ink", "door")]
    edges = [(one, back) for one in ("control", "focus") for back in ("surface", "ground")]
    return [(a, b, TEXT) for a, b in text] + [(a, b, EDGE) for a, b in edges]


@pytest.mark.parametrize("name", ["light", "system dark", "chosen dark"])
def test_everything_written_can_be_read(name: str) -> None:
    theme = themes()[name]
    weak = [
        f"{fore} on {back}: {contrast(theme[fore], theme[back]):.2f} < {least}"
        for fore, back, least in pairs()
        if contrast(theme[fore], theme[back]) < least
    ]
    assert not weak, weak


def test_the_chosen_dark_theme_is_the_system_one() -> None:
    assert themes()["chosen dark"] == themes()["system dark"]


def test_both_themes_name_the_same_colours() -> None:
    assert themes()["light"].keys() == themes()["system dark"].keys()


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known near miss
    assert contrast("#767676", "#ffffff") > TEXT


def test_colours_are_named_only_in_the_tokens() -> None:
    """Photos carry white on dark glass, QR codes need white paper, and paper itself has its own sheet."""
    strays = {
        (sheet.name, colour)
        for sheet in CSS.rglob("*.css")
        if sheet.name not in ("tokens.css", "print.css")
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s)])", sheet.read_text(encoding="utf-8"))
    }
    assert {colour for _, colour in strays} <= {"#fff", "#000", "#0000"}, strays


def test_style_and_script_stay_small() -> None:
    """Promised to people on slow lines: less than 20 kB of CSS (packed, as it goes out) and 15 kB of JavaScript in all."""
    js = CSS.parent / "js"
    assert sum(len(gzip.compress(f.read_bytes())) for f in CSS.glob("*.css")) < 20_000
    assert sum(f.stat().st_size for f in js.glob("*.js")) < 15_000
    # what only one desk's page fetches: an appraiser's check-list, who compares two photos, who signs an agreement
    assert max(len(gzip.compress(f.read_bytes())) for f in (CSS / "desk").glob("*.css")) < 2_500
    assert max(f.stat().st_size for f in (js / "desk").glob("*.js")) < 6_000
    # what a page fetches only when somebody presses its button
    assert sum(len(gzip.compress(f.read_bytes())) for f in (js / "asked").glob("*.js")) < 8_000
