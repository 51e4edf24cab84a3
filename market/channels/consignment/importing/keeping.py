"""The files of an import as they are kept: encrypted, in the store of private files, for a few days at most."""

import base64
import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from core import secrets
from core.goods.pictures import store
from core.jobs import handles
from core.work import Work
from market.channels.consignment.importing.models import GoodsImport

KIND: Final = "goods_import"
FORGET: Final = "market:forget_goods_import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """`column`: a column's code or `category.a_code` of a property, "" for the whole line; `values`: of the sentence."""

    line: int
    column: str
    code: str
    sentence: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A line as it will be taken in. Amounts in fen; `waits`: it can hold data and is wiped before it is sold."""

    line: int
    title: str
    category: str
    condition: str
    wanted: int
    reserve: int
    place: str
    own_number: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found in a file: `names` of its columns and which of them are `unknown`; everything that is `wrong`; the `cells`
    of the lines that are wrong, by number; the `first` of those that are right; how many `wait` to be wiped."""

    names: list[str]
    unknown: list[str]
    wrong: list[Wrong]
    cells: dict[str, list[str]]
    first: list[Shown]
    waiting: int


NOTHING: Final = Report(names=[], unknown=[], wrong=[], cells={}, first=[], waiting=0)


def keep(raw: bytes) -> str:
    """Put a file away. Returns what it is found by; every file is encrypted with a number of its own."""
    return store().put(secrets.encrypt(base64.b64encode(raw).decode(), KIND).encode(), KIND)


def opened(digest: str) -> bytes:
    """Raises NotStored where it is gone."""
    return base64.b64decode(secrets.decrypt(store().get(digest).decode(), KIND))


def keep_report(report: Report) -> str:
    return keep(json.dumps(asdict(report), ensure_ascii=False).encode())


def report_of(row: GoodsImport) -> Report:
    """Nothing once it is erased."""
    if not row.report:
        return NOTHING
    told = json.loads(opened(row.report))
    wrong, first = [Wrong(**one) for one in told.pop("wrong")], [Shown(**one) for one in told.pop("first")]
    return Report(wrong=wrong, first=first, **told)


def forget(w: Work, *digests: str) -> None:
    """Erase files by a job, once this is saved."""
    for digest in filter(None, digests):
        w.later(FORGET, digest=digest)


@handles(FORGET)
def remove_files(session: Session, payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:
        store().remove(payload["digest"], KIND)
