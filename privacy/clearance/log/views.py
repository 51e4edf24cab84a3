"""The log's pages: one for people, and the addresses of C2SP tlog-tiles and proofs for programs. All public."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, g, request
from flask.wrappers import Response
from flask_babel import gettext as _

from core import canonical, clock
from core.access import public
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.page import Page
from core.web import csrf, limiter
from core.work import Actor, work
from privacy import verify
from privacy.clearance.log import keys, letters, note, queries, tiles, witnesses
from privacy.clearance.log.leaves import KINDS
from privacy.clearance.log.models import LogCheckpoint, LogLeaf
from privacy.clearance.log.tiles import NoTile
from privacy.clearance.log.tree import NotInTree, leaf_hash
from privacy.wipes.show import when

blueprint = Blueprint("public_log", __name__)
SHOWN, A_PAGE = 20, 256
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=5"
AUDIENCES = {
    "regulator": N_("People at regulators' offices, daily"),
    "point": N_("Managers of points, weekly"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """`href`: the certificate's page, where the entry is about one."""

    index: int
    time: str
    sentence: str
    subject: str
    href: str


@dataclass(frozen=True, kw_only=True)
class LogPage(Page):
    template = "privacy/log.html"
    size: int
    root: str
    signed: str
    text: str
    origin: str
    vkey: str
    waiting: int
    checkpoints: Sequence[tuple[str, str, str]]
    witnesses: Sequence[tuple[str, str, str]]
    held: Sequence[tuple[str, str, str]]
    kept_outside: bool
    entries: Sequence[Entry]


@blueprint.get("/log")
@public
@limiter.limit("120 per minute")
def show() -> object:
    latest, logs = queries.latest(g.db), keys.log_keys(g.db)
    key = logs[-1] if logs else None
    seen = [(one.name, one.vkey, _seen(one.id)) for one in witnesses.active(g.db)]
    held = letters.held(g.db)
    return LogPage(
        size=latest.size if latest else 0,
        root=queries.root_of(latest) if latest else "",
        signed=when(latest.created) or "" if latest else "",
        text=queries.cosigned(g.db, latest) if latest else "",
        origin=key.name if key else "",
        vkey=note.vkey(key.name, bytes.fromhex(key.public)) if key else "",
        waiting=queries.waiting(g.db),
        checkpoints=[(f"{one.size:,}", queries.root_of(one), when(one.created) or "") for one in queries.recent(g.db, SHOWN)],
        witnesses=seen,
        held=[(_(AUDIENCES[one.audience]), f"{one.people:,}", when(one.last) or "—") for one in held],
        kept_outside=bool(seen) or any(one.people for one in held),
        entries=[_entry(one) for one in queries.newest(g.db, SHOWN)],
    ).answer()


def _seen(witness_id: str) -> str:
    size = queries.last_cosigned(g.db, witness_id)
    return str(_("Checkpoint %(size)s", size=f"{size:,}") if size else _("nothing yet"))


def _entry(leaf: LogLeaf) -> Entry:
    href = f"/certificates/{leaf.subject}" if leaf.kind.startswith("privacy:certificate:") else ""
    sentence = _(KINDS[leaf.kind]) if leaf.kind in KINDS else leaf.kind
    return Entry(leaf.leaf_index or 0, when(leaf.created) or "", sentence, leaf.subject, href)


@blueprint.get("/log/checkpoint")
@public
@limiter.limit("600 per minute")
def latest_checkpoint() -> Response:
    return _text(queries.cosigned(g.db, _latest()))


@blueprint.get("/log/checkpoint/<int:head>")
@public
@limiter.limit("600 per minute")
def old_checkpoint(head: int) -> Response:
    """An earlier checkpoint, by its size."""
    found = queries.find_checkpoint(g.db, head) if head < 2**63 else None
    if found is None:
        raise NotFound()
    return _text(queries.cosigned(g.db, found))


def _latest() -> LogCheckpoint:
    found = queries.latest(g.db)
    if found is None:
        raise NotFound()
    return found


def _text(text: str, cache: str = BRIEFLY) -> Response:
    answer = Response(text, mimetype="text/plain")
    answer.headers["Cache-Control"] = cache
    return answer


def _json(value: object) -> Response:
    answer = Response(canonical.encode(value), mimetype="application/json")
    answer.headers["Cache-Control"] = BRIEFLY
    return answer


@blueprint.get("/log/tile/<int:level>/<path:tile>")
@public
@limiter.limit("1200 per minute")
def hash_tile(level: int, tile: str) -> Response:
    try:
        return _bytes(tiles.tile(g.db, level, *tiles.parse_path(tile), _latest().size))
    except NoTile as no:
        raise NotFound() from no


@blueprint.get("/log/tile/entries/<path:tile>")
@public
@limiter.limit("1200 per minute")
def entry_bundle(tile: str) -> Response:
    try:
        return _bytes(tiles.bundle(g.db, *tiles.parse_path(tile), _latest().size))
    except NoTile as no:
        raise NotFound() from no


def _bytes(data: bytes) -> Response:
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = FOREVER
    return answer


@blueprint.get("/log/entries")
@public
@limiter.limit("600 per minute")
def entries() -> Response:
    """Leaves as text, at most 256 at once: `from` is the first number, `to` the one after the last."""
    size = _latest().size
    begin = _number("from", 0)
    end = min(_number("to", begin + A_PAGE), begin + A_PAGE, size)
    rows = [
        {"index": index, "leaf": data.decode(errors="replace"), "hash": leaf_hash(data).hex()}
        for index, data in queries.texts(g.db, begin, end)
    ]
    return _json({"size": size, "from": begin, "to": end, "entries": rows, "next": end if begin < end < size else None})


def _number(name: str, otherwise: int) -> int:
    asked = request.args.get(name, "")
    if not asked:
        return otherwise
    if not asked.isascii() or not asked.isdigit() or len(asked) > 15:
        raise NotFound()
    return int(asked)


@blueprint.get("/log/proof/<int:leaf>")
@public
@limiter.limit("600 per minute")
def inclusion(leaf: int) -> Response:
    """The tlog-proof of a leaf, under the latest checkpoint or that of `head`."""
    latest = _latest()
    under = queries.find_checkpoint(g.db, _number("head", latest.size))
    try:
        if under is None:
            raise NotInTree(str(leaf))
        answer = _text(queries.proof_text(g.db, leaf, under))
    except NotInTree as no:
        raise NotFound() from no
    answer.headers["Content-Disposition"] = f'inline; filename="{leaf}.tlog-proof"'
    return answer


@blueprint.get("/log/consistency")
@public
@limiter.limit("600 per minute")
def consistency() -> Response:
    """How the tree of size `from` became that of size `to`; without them, the last two checkpoints."""
    size = _latest().size
    before = queries.recent(g.db, 2)[-1].size
    try:
        first, second = _number("from", before), _number("to", size)
        if second > size:
            raise NotInTree(str(second))
        return _json(queries.consistency_json(g.db, first, second))
    except NotInTree as no:
        raise NotFound() from no


@blueprint.get("/log/verify.py")
@public
@limiter.limit("60 per minute")
def verifier() -> Response:
    """The stand-alone checker, as it is in the source."""
    answer = Response(Path(verify.__file__).read_bytes(), mimetype="text/x-python")
    answer.headers["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer


@blueprint.post("/log/cosignatures")
@public
@csrf.exempt  # no cookie counts here: only what a known witness has signed is kept
@limiter.limit("60 per minute")
def cosign() -> Response:
    """A checkpoint of ours with the lines of witnesses, as text. Answers with the names whose signatures were kept."""
    try:
        with work(g.db, Actor("system:witness"), clock.now()) as w:
            kept = witnesses.cosign(w, request.get_data(cache=False)[:200_001])
    except (Invalid, NotFound) as no:
        said = json.dumps({"error": no.code})
        return Response(said + "\n", no.status, mimetype="application/json")
    return _json({"kept": kept})
