"""Writes the docs that come from tables: permissions, audit words, states. `.venv/bin/python docs/make.py`; a test compares."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def permissions() -> str:
    from core.access import DOORS

    lines = ["# Permissions", "", "Rows are *or*, entries of a row are *and*. Everything else is public or refused.", ""]
    lines += ["| permission | who |", "|---|---|"]
    for name, rows in sorted(DOORS.table.items()):
        lines.append(f"| `{name}` | {' **or** '.join(' and '.join(one.name for one in row) for row in rows)} |")
    return "\n".join(lines) + "\n"


def audit_words() -> str:
    from core.audit import WORDS
    from core.i18n import say

    lines = ["# Audit words", "", "What the log can say, in both languages.", "", "| word | English | 中文 |", "|---|---|---|"]
    lines += [f"| `{word}` | {sentence} | {say(sentence, 'zh')} |" for word, sentence in sorted(WORDS.items())]
    return "\n".join(lines) + "\n"


def states() -> str:
    from core.i18n import say
    from core.states import TABLES

    lines = ["# States", "", "Only these arrows can be walked.", ""]
    for name, table in sorted(TABLES.items()):
        lines += [f"## {name}", "", "| state | shown as | 中文 | what it means |", "|---|---|---|---|"]
        lines += [f"| {code} | {s.label} | {say(s.label, 'zh')} | {s.help} |" for code, s in table.states.items()]
        lines += ["", *(f"- {a} —{verb}→ {b}" for (a, verb), b in table.arrows.items()), ""]
    return "\n".join(lines)


PAGES = {"permissions.md": permissions, "audit-words.md": audit_words, "states.md": states}


def main() -> None:
    from app import create_app
    from core.config import Config

    with tempfile.TemporaryDirectory() as folder:
        create_app(Config(data=Path(folder), database_url=f"sqlite:///{folder}/x.db", testing=True))
        for name, make in PAGES.items():
            (ROOT / "docs" / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
