"""The audit log as a page: newest first, filtered, checked by one click, taken away as CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import g, request
from flask.wrappers import Response
from flask_babel import gettext as _

from core import audit, audit_csv
from core.access import needs, visitor
from core.audit import AuditLine
from core.doing import doing
from core.page import Page, page_number
from core.web import database, limiter
from privacy.inspection import queries
from privacy.inspection.forms import VerifyForm
from privacy.inspection.queries import LogQuery
from privacy.inspection.views import blueprint
from privacy.wipes.show import when

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class LineShown:
    """`seq` is None while the line waits for the sealer. `thing` leads to the dossier where there is one."""

    seq: int | None
    time: str
    sentence: str
    word: str
    subject: str
    actor: str
    facts: str


@dataclass(frozen=True, kw_only=True)
class LogPage(Page):
    template = "privacy/inspection_log.html"
    lines: Sequence[LineShown]
    total: int
    page: int
    pages: int
    word: str
    subject: str
    day: str
    words: Sequence[tuple[str, str]]
    args: Sequence[tuple[str, str]]
    problem: str
    form: VerifyForm
    regulator: bool


@blueprint.get("/regulator/log")
@needs("core:audit:read")
def show_log() -> object:
    asked, problem = _asked()
    args = [(name, value) for name in ("word", "subject", "day") if (value := request.args.get(name, "").strip())]
    page = page_number()
    lines, total = ([], 0) if problem else queries.log_lines(g.db, asked, page, A_PAGE)
    shown = [_line(line, seq) for line, seq in lines]
    if asked.subject:
        with doing() as w:
            w.record("core:lookup:made", lines[0][0].subject if lines else "nothing", kind="log", found=total)
    return LogPage(
        lines=shown, total=total, page=page, pages=max(1, -(-total // A_PAGE)), word=asked.word,
        subject=request.args.get("subject", "").strip()[:80], day=request.args.get("day", "")[:10], words=_words(),
        args=args, problem=problem, form=VerifyForm(formdata=None), regulator="regulator" in visitor().roles,
    ).answer(422 if problem else 200)  # fmt: skip


def _asked() -> tuple[LogQuery, str]:
    """What was asked for, and a sentence when a part of it can't be used."""
    word, subject, day = (request.args.get(name, "").strip() for name in ("word", "subject", "day"))
    if word and word not in audit.WORDS:
        return LogQuery(), _("There is no such kind of event.")
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        return LogQuery(), _("A day looks like 2026-11-22.")
    if on and not 2000 <= on.year <= 9000:
        return LogQuery(), _("A day looks like 2026-11-22.")
    return LogQuery(word=word, subject=subject[:80].replace("\x00", ""), day=on), ""


def _words() -> list[tuple[str, str]]:
    return sorted(((word, _(sentence)) for word, sentence in audit.WORDS.items()), key=lambda one: one[1])


def _line(line: AuditLine, seq: int | None) -> LineShown:
    facts = " · ".join(f"{name}={_code(value)}" for name, value in sorted(line.facts.items()) if value not in ("", None))
    sentence = _(audit.WORDS[line.word]) if line.word in audit.WORDS else line.word
    return LineShown(seq, when(line.at) or "", sentence, line.word, line.subject, line.actor, facts)


def _code(value: audit.Fact) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, kw_only=True)
class VerifiedPage(Page):
    template = "privacy/inspection_verified.html"
    ok: bool
    lines: int
    head: str
    sealed_until: str
    unsealed: int
    first_bad: int | None
    asked_head: bool
    head_found: bool | None
    form: VerifyForm


@blueprint.post("/regulator/log/verify")
@needs("core:audit:read")
@limiter.limit("10 per minute")
def verify_log() -> object:
    """Every line is read and every hash made anew; that it was done, and what came of it, goes into the log."""
    form = VerifyForm()
    good = form.validate_on_submit()
    head = (form.head.data or "").strip().lower() or None
    found = audit.verify(g.db, head if good else None)
    head_found = found.ok or (None if not audit.verify(g.db).ok else False)
    with doing() as w:
        w.record("core:log:verified", "log", ok=found.ok, lines=found.lines, head=found.head)
    page = VerifiedPage(
        ok=found.ok, lines=found.lines, head=found.head, sealed_until=when(found.sealed_until) or "—",
        unsealed=found.unsealed, first_bad=found.first_bad, asked_head=bool(head and good), head_found=head_found, form=form,
    )  # fmt: skip
    return page.answer(200 if good else 422)


@blueprint.get("/regulator/log/export")
@needs("core:audit:read")
@limiter.limit("10 per minute")
def export_log() -> object:
    """The sealed lines as CSV that anybody can check (docs/audit.md). One day with `day`, else all."""
    asked, problem = _asked()
    if problem:
        return show_log()
    start = queries.midnight(asked.day) if asked.day else None
    with doing() as w:
        w.record("core:log:exported", "log", day=asked.day.isoformat() if asked.day else "all")
    source = database()

    def rows() -> Iterator[str]:
        with source.session() as session:
            yield from audit_csv.rows(session, start, start)

    answer = Response(rows(), mimetype="text/csv")
    name = f"audit-{asked.day:%Y-%m-%d}.csv" if asked.day else "audit.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
