"""What we ask of Whoosh: a schema, a storage that survives a power cut, and when to put segments together."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader

from market.search.analyser import document_terms, spelling_words
from market.search.columns import pack
from market.search.documents import Document
from market.search.index_folder import sync_files, sync_folder

# Five segments of like size become one; above so many listings only a rebuild puts segments together.
_FAN, _LARGEST_MERGE = 5, 2_000


class Terms(fields.FieldType):  # type: ignore[misc]
    """Index terms that we cut and weighed ourselves: the value is a mapping of term to weight."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def index(self, value: Mapping[str, float], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, weight in value.items():
            yield term.encode(), 1, weight, b""


SCHEMA = fields.Schema(
    words=Terms(),
    spelling=Terms(),
    facts=fields.COLUMN(columns.VarBytesColumn()),
    shown=fields.STORED(),
)


def as_fields(document: Document) -> dict[str, Any]:
    """A listing as Whoosh's writer takes it."""
    return {
        "words": document_terms(document),
        "spelling": dict.fromkeys(spelling_words(document), 1.0),
        "facts": pack(document),
        "shown": (document.title, document.body, document.url),
    }


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder in which all that a table of contents names is on disk before the table is."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path, self._fresh = path, set[str]()

    def create_file(self, name: str, **options: Any) -> Any:
        self._fresh.add(name)
        return super().create_file(name, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh renames one thing only: the new table of contents, which makes a commit."""
        sync_files(self._path, self._fresh)
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self._path)
        self._fresh.clear()


def merge_tiers(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's merge policy: put segments of like size together, drop empty ones.

    Each listing is rewritten a few times at most, and no change ever waits for a large merge.
    """
    tiers: dict[int, list[Any]] = {}
    for segment in segments:
        if segment.doc_count():
            tiers.setdefault(_tier(segment.doc_count()), []).append(segment)
    kept = []
    for tier, members in tiers.items():
        if len(members) < _FAN or _FAN**tier > _LARGEST_MERGE:
            kept += members
            continue
        for segment in members:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return kept


def _tier(count: int) -> int:
    """0 for 1..4 listings, 1 for 5..24, and so on by the power of five."""
    tier = 0
    while count >= _FAN:
        count //= _FAN
        tier += 1
    return tier
