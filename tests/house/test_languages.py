"""Chinese and English complete: every sentence marked in code and pages has its Chinese, with the same placeholders."""

import io
import re
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from core import i18n

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "privacy", "appraisal", "market", "templates")
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
LABELS = {**KEYWORDS, "text": None}  # core.forms.text marks labels; elsewhere `text` is SQL
HOLD = re.compile(r"%\((\w+)\)[sd]")


def sentences() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in [p for room in ROOMS for p in sorted((ROOT / room).rglob("*")) if p.suffix in (".py", ".html")]:
        raw = path.read_bytes()
        keywords = LABELS if re.search(rb"from core\.forms import [^\n]*\btext\b", raw) else KEYWORDS
        method = "python" if path.suffix == ".py" else "jinja2"
        for line, message, *_ in extract(method, io.BytesIO(raw), keywords):
            for one in message if isinstance(message, tuple) else (message,):
                if isinstance(one, str) and one:
                    found.setdefault(one, f"{path.relative_to(ROOT)}:{line}")
    return found


def chinese() -> dict[str, str]:
    known: dict[str, str] = {}
    for path in i18n.fragments():
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if message.context:
                    continue  # pgettext sentences are another key
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                for one in ids:
                    if one:
                        assert not message.fuzzy, f"{path.name}: {one!r} is marked fuzzy"
                        known[one] = strings[0]
    return known


def test_every_sentence_has_its_chinese():
    known = chinese()
    missing = {one: where for one, where in sentences().items() if not known.get(one)}
    assert not missing, f"{len(missing)} sentences lack Chinese"


def test_placeholders_agree():
    known = chinese()
    wrong = {
        one: known[one] for one in sentences() if known.get(one) and set(HOLD.findall(one)) != set(HOLD.findall(known[one]))
    }
    assert not wrong


def test_chinese_is_polite_throughout():
    """您, as shops and offices write; two people together are 你们."""
    assert not {one: zh for one, zh in chinese().items() if re.search(r"你(?!们|来我往)", zh)}


def test_no_chinese_sentence_says_what_we_never_say():
    for one, zh in chinese().items():
        assert not re.search(r"unrecoverable|GB compliant|NIST certified|military grade", one, re.I), one
        assert not re.search(r"不可恢复|符合国标认证|军工级", zh), zh


def test_one_sentence_has_one_chinese():
    seen: dict[tuple[str, str | None], tuple[str, str]] = {}
    clashes = []
    for path in i18n.fragments():
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if not message.id:
                    continue
                key = (message.id if isinstance(message.id, str) else message.id[0], message.context)
                zh = message.string if isinstance(message.string, str) else message.string[0]
                if seen.setdefault(key, (path.name, zh))[1] != zh:
                    clashes.append((key, seen[key], path.name, zh))
    assert not clashes, "two files translate one sentence differently: word one of them otherwise"
