"""Two languages, whole: message catalogues, the visitor's language, and N_ for sentences kept in tables."""

import functools
import gettext as _gettext
import os
from collections.abc import Iterable
from pathlib import Path

LANGUAGES = ("zh", "en")
ROOT = Path(__file__).resolve().parent.parent / "translations"


def N_(sentence: str) -> str:  # noqa: N802  (the name gettext tools look for)
    """Mark an English sentence for translation without translating it yet."""
    return sentence


def language_for(chosen: str | None, accept: str | None) -> str:
    """The chosen language if we have it, else the first of the browser's that we have, else Chinese."""
    if chosen in LANGUAGES:
        return str(chosen)
    for part in (accept or "").split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "zh"


def fragments(language: str = "zh", root: Path = ROOT) -> list[Path]:
    return sorted((root / language).glob("*.po"))


def compile_catalogue(root: Path = ROOT) -> Path:
    """Join translations/zh/*.po into the one compiled catalogue that gettext reads; cheap when nothing changed."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    target = root / "zh" / "LC_MESSAGES" / "messages.mo"
    newest = max((path.stat().st_mtime for path in fragments(root=root)), default=0.0)
    if target.exists() and target.stat().st_mtime >= newest:
        return target
    whole = Catalog(locale="zh")
    for path in fragments(root=root):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if message.id and message.string:
                    whole.add(message.id, message.string, context=message.context)
    target.parent.mkdir(parents=True, exist_ok=True)
    half_done = target.with_suffix(f".{os.getpid()}.tmp")  # two processes may start at once
    with half_done.open("wb") as out:
        write_mo(out, whole)
    half_done.replace(target)
    return target


@functools.lru_cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation("messages", str(ROOT), [language], fallback=True)


def say(sentence: str, language: str, /, **values: object) -> str:
    """A sentence in a named language, outside a request (mail, exports, the command line)."""
    text = _catalogue(language).gettext(sentence) if sentence else ""
    return text % values if values else text


def listed(words: Iterable[str], language: str) -> str:
    """`A, B, C`; in Chinese `A、B、C`."""
    return say(N_(", "), language).join(words)


def told(name: str, value: str, language: str) -> str:
    """`Name: value`, with the language's colon; a question needs none."""
    return f"{name} {value}" if name.endswith(("?", "？")) else say(N_("%(name)s: %(value)s"), language, name=name, value=value)
