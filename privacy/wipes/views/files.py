"""The tool's file as it is: line by line, escaped, paged; every look and every download is on record."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask.wrappers import Response

from core.access import needs
from core.doing import doing
from core.errors import Refused
from core.files import Damaged, NotStored
from core.i18n import N_
from core.page import Page, page_number
from privacy.access import Attached, load_file
from privacy.bench import bench
from privacy.evidence.model import Unreadable
from privacy.evidence.readers.text import read_text, visible
from privacy.wipes.checklist_sending import FORMAT
from privacy.wipes.show import when
from privacy.wipes.views import blueprint
from privacy.wipes.views.file_told import FileTold, told_of

A_PAGE = 200
LONGEST = 400


@dataclass(frozen=True, kw_only=True)
class FilePage(Page):
    template = "privacy/wipe_file.html"
    number: str
    job_href: str
    href: str
    digest: str
    size: int
    format: str
    at: str | None
    lines: Sequence[tuple[int, str, bool]]
    page: int
    pages: int
    count: int
    told: FileTold | None


@blueprint.get("/evidence/<evidence_id>")
@needs("privacy:evidence:read", on=load_file)
def show_file(one: Attached) -> object:
    number, job_id, file_id = one.job.number, one.job.id, one.file.id
    digest, size, form, at = one.file.digest, one.file.size, one.file.format, when(one.file.attached_at)
    lines = _lines(_raw(digest) if form != FORMAT else _spread(_raw(digest)))
    told = told_of(one.file)
    wanted = _wanted(len(lines))
    page = math.ceil(wanted / A_PAGE) if wanted else min(page_number(), max(1, math.ceil(len(lines) / A_PAGE)))
    with doing() as w:
        w.record("privacy:evidence:read", file_id, job=job_id, page=page)
    first = (page - 1) * A_PAGE
    shown = [(n, line, n == wanted) for n, line in enumerate(lines[first : first + A_PAGE], first + 1)]
    return FilePage(
        number=number,
        job_href=f"/wipes/{job_id}/bench",
        href=f"/evidence/{file_id}",
        digest=digest,
        size=size,
        format=form,
        at=at,
        lines=shown,
        page=page,
        pages=math.ceil(len(lines) / A_PAGE),
        count=len(lines),
        told=told,
    ).answer()


@blueprint.get("/evidence/<evidence_id>/download")
@needs("privacy:evidence:read", on=load_file)
def download(one: Attached) -> Response:
    """The very bytes, as a plain download that no browser runs."""
    file_id, job_id, digest = one.file.id, one.job.id, one.file.digest
    raw = _raw(digest)
    with doing() as w:
        w.record("privacy:evidence:downloaded", file_id, job=job_id)
    answer = Response(raw, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{digest[:16]}.log"'
    return answer


def _raw(digest: str) -> bytes:
    try:
        return bench().store.get(digest)
    except (NotStored, Damaged) as gone:
        raise Refused("file_damaged", N_("The stored file is missing or changed on the disk. Tell the administrator.")) from gone


def _spread(raw: bytes) -> bytes:
    """A check-list's one long line in many, for reading; the download has the very bytes."""
    return json.dumps(json.loads(raw), ensure_ascii=False, indent=1).encode()


def _lines(raw: bytes) -> list[str]:
    """Text for people: long lines cut, invisible characters shown as such."""
    try:
        lines = list(read_text(raw).lines)
    except Unreadable:
        return []
    return [visible(line if len(line) <= LONGEST else line[:LONGEST] + "…") for line in lines]


def _wanted(count: int) -> int:
    asked = request.args.get("line", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 and 0 < int(asked) <= count else 0
