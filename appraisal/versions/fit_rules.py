"""What a draft must keep so that the rest of the house can go by it: the market's grades, kinds of answer that the check-list can
ask, codes that fit the log, texts of a size that pages can show. Pure."""

import re
from collections.abc import Collection, Iterator
from datetime import date

from appraisal.standards.standard import Check, Standard
from core.data_files import BadDataFile, Bilingual
from core.i18n import N_

MOST_BYTES = 200_000
MOST_LINE = 4_000
MOST_TEXT = 600
MOST_CHECKS, MOST_VALUES, MOST_BANDS, MOST_COUNTS, MOST_RULES = 80, 20, 20, 20, 40
MOST_NUMBER = 10**6
ASKED = ("choice", "flag", "measure")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
_VALUE = re.compile(r"[A-Za-z0-9_]{1,30}")
_REASON = re.compile(r"[A-Za-z0-9_.]{1,100}")


def clean_text(body: str) -> str:
    """As it is kept: line ends of one kind, no byte order mark. Raises BadDataFile for what is too large to be a standard."""
    text = body.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"
    size = len(text.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        raise _wrong("", N_("the text is larger than %(most)s bytes"), most=MOST_BYTES)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MOST_LINE:
            raise _wrong("", N_("line %(line)s is longer than %(most)s characters"), line=number, most=MOST_LINE)
    if any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\x00" for letter in text):
        raise _wrong("", N_("the text holds characters that aren't text"))
    return text


def must_fit(draft: Standard, base: Standard, version: int, views: Collection[str]) -> None:
    """`base`: the version it was begun from; `views`: photos that the categories graded by it ask for. Raises BadDataFile."""
    if draft.purpose != "own":
        raise _wrong("purpose", N_("must be own: published schemes aren't edited here"))
    if (draft.id, draft.version) != (base.id, version):
        raise _wrong("version", N_("and id must stay %(standard)s and %(version)s"), standard=base.id, version=version)
    if draft.order() != base.order():
        words = " ".join(base.order())
        raise _wrong("scale", N_("must keep the market's grades %(words)s: listings and search go by them"), words=words)
    if not _is_day(draft.effective_from):
        raise _wrong("effective_from", N_("must be a day like 2026-12-31"))
    for problem in (*_sizes(draft), *_codes(draft), *_texts(draft)):
        raise problem
    for number, check in enumerate(draft.checks, 1):
        _check_must_fit(check, f"checks[{number}]", views)


def _wrong(place: str, remedy: str, **values: object) -> BadDataFile:
    return BadDataFile(f"{place} {remedy % values if values else remedy}".strip(), place=place, remedy=remedy, values=values)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _sizes(draft: Standard) -> Iterator[BadDataFile]:
    most = {
        "checks": (draft.checks, MOST_CHECKS), "counts": (draft.counts, MOST_COUNTS), "rules": (draft.rules, MOST_RULES),
        "lookups": (draft.lookups, MOST_COUNTS), "indexes": (draft.indexes, MOST_COUNTS), "ages": (draft.ages, MOST_COUNTS),
        "areas": (draft.areas, MOST_CHECKS), "axes": (draft.axes, MOST_VALUES), "sources": (draft.sources, MOST_RULES),
    }  # fmt: skip
    for place, (rows, number) in most.items():
        if len(rows) > number:
            yield _wrong(place, N_("may be at most %(most)s"), most=number)
    if not draft.checks or not draft.sources:
        yield _wrong("sources" if draft.checks else "checks", N_("must be there"))
    if not any(axis.graded for axis in draft.axes):
        yield _wrong("axes", N_("must hold at least one that has a grade of its own"))


def _codes(draft: Standard) -> Iterator[BadDataFile]:
    """They stand in the log, in addresses and in signed reports."""
    reasons = [check.untested.code for check in draft.checks]
    for number, check in enumerate(draft.checks, 1):
        yield from (_wrong(f"checks[{number}].code", _CODES) for _ in [0] if not _CODE.fullmatch(check.code))
        yield from (_wrong(f"checks[{number}].values", _CODES) for value in check.values if not _VALUE.fullmatch(value.code))
        reasons += [value.outcome.code for value in check.values if value.outcome]
        reasons += [band.outcome.code for band in check.bands]
    reasons += [count.outcome.code for count in draft.counts] + [rule.outcome.code for rule in draft.rules]
    yield from (_wrong("reason", _CODES) for code in reasons if not _REASON.fullmatch(code))


_CODES = N_("must have codes of a-z, 0-9 and _, at most 30")


def _texts(draft: Standard) -> Iterator[BadDataFile]:
    texts = [("names", draft.names), *(("sources", one) for one in draft.sources)]
    texts += [(f"areas: {one.code}", one.name) for one in draft.areas] + [(f"axes: {one.code}", one.name) for one in draft.axes]
    for grade in (*draft.scale, draft.undetermined, draft.refused):
        texts += [(f"scale: {grade.code}", one) for one in (grade.name, grade.meaning, grade.near) if one is not None]
    for number, check in enumerate(draft.checks, 1):
        outcomes = [value.outcome.text for value in check.values if value.outcome] + [band.outcome.text for band in check.bands]
        mine = (check.name, check.question, check.help, check.untested.text, *(value.name for value in check.values), *outcomes)
        texts += [(f"checks[{number}]", one) for one in mine]
    texts += [(f"counts[{number}].text", count.outcome.text) for number, count in enumerate(draft.counts, 1)]
    texts += [(f"rules[{number}].text", rule.outcome.text) for number, rule in enumerate(draft.rules, 1)]
    for place, words in texts:
        if max(len(words.zh), len(words.en)) > MOST_TEXT:
            yield _wrong(place, N_("has a text of more than %(most)s characters"), most=MOST_TEXT)
        if not _visible(words):
            yield _wrong(place, N_("has a text with line breaks or characters that can't be seen"))


def _visible(words: Bilingual) -> bool:
    return all(text.strip() and text.isprintable() for text in (words.zh, words.en))


def _check_must_fit(check: Check, place: str, views: Collection[str]) -> None:
    if check.kind not in ASKED:
        raise _wrong(f"{place}.kind", N_("must be one of %(words)s: the check-list asks no other"), words=", ".join(ASKED))
    if len(check.values) > MOST_VALUES or len(check.bands) > MOST_BANDS:
        raise _wrong(f"{place}.{'bands' if check.bands else 'values'}", N_("may be at most %(most)s"), most=MOST_VALUES)
    if check.kind == "measure" and not -MOST_NUMBER <= check.least < check.most <= MOST_NUMBER:
        raise _wrong(f"{place}.least", N_("must be below most, both no larger than a million"))
    if any(abs(band.bound) > MOST_NUMBER or len(str(band.bound)) > 12 for band in check.bands):
        raise _wrong(f"{place}.bands", N_("must be plain numbers no larger than a million"))
    if len(check.unit) > 20:
        raise _wrong(f"{place}.unit", N_("may have at most %(most)s characters"), most=20)
    if check.photo and check.photo not in views:
        raise _wrong(f"{place}.photo", N_("must be one of %(words)s"), words=", ".join(sorted(views)) or "—")
