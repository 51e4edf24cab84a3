"""One generation of the index: Whoosh writes its segments, snapshots of it are searched."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from contextlib import contextmanager
from typing import Any, NamedTuple

from whoosh import columns, fields, formats
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, LockError
from whoosh.reading import SegmentReader

from market.search.analyser import document_terms, spelling_words
from market.search.columns import pack
from market.search.documents import Changes, Document
from market.search.engine import IndexBusy
from market.search.index_folder import sync_files, sync_folder
from market.search.segments import PostingCache, Segment, View, reading, view

NAME = "MAIN"
# Five segments of like size become one; above this many listings only a rebuild puts segments together.
_FAN, _LARGEST_MERGE = 5, 2_000
_RETRIES, _PATIENCE = 50, 5.0


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


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder whose commits survive a power cut: everything a table of contents names is on disk before it is."""

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


def _fields(document: Document) -> dict[str, Any]:
    return {
        "words": document_terms(document),
        "spelling": dict.fromkeys(spelling_words(document), 1.0),
        "facts": pack(document),
        "shown": (document.title, document.body, document.url),
    }


def merge_tiers(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's merge policy: put segments of like size together, drop empty ones.

    Each listing is rewritten a few times at most, and no change ever waits for a large merge.
    """
    tiers: dict[int, list[Any]] = {}
    for segment in segments:
        tiers.setdefault(_tier(segment.doc_count()), []).append(segment)
    kept = []
    for tier, members in tiers.items():
        if tier < 0:
            continue
        if len(members) < _FAN or _FAN**tier > _LARGEST_MERGE:
            kept += members
            continue
        for segment in members:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return kept


def _tier(count: int) -> int:
    """-1 for none, 0 for 1..4 listings, 1 for 5..24, and so on by the power of five."""
    tier = -1
    while count:
        count //= _FAN
        tier += 1
    return tier


class Place(NamedTuple):
    """A listing in the index: its segment and its number there."""

    segment: str
    number: int


class Generation:
    """A folder with an index of Whoosh, and the latest snapshot of it that was asked for.

    Not safe for several threads by itself: the engine lines up readers, and writers hold the folder's lock.
    """

    def __init__(self, path: Path, cache: PostingCache) -> None:
        self.path, self._cache = path, cache
        with reading():
            self._index = FileIndex(DurableStorage(path), schema=SCHEMA, indexname=NAME)
        self._number = -1
        self._segments: dict[str, Segment] = {}
        self.views: Sequence[View] = ()

    @classmethod
    def create(cls, path: Path, cache: PostingCache) -> "Generation":
        FileIndex.create(DurableStorage(path), SCHEMA, NAME)
        return cls(path, cache)

    def refresh(self) -> Sequence[View]:
        """The views of the latest commit, whoever made it. Raises NeedsRebuild if they can't be read."""
        with reading():
            for attempt in range(_RETRIES):
                number = self._index.latest_generation()
                if number == self._number:
                    return self.views
                try:
                    self._open(number)
                except FileNotFoundError:  # a commit of another process has just replaced what we were opening
                    if attempt == _RETRIES - 1:
                        raise RuntimeError("files of the index are missing") from None
                    time.sleep(0.01)
        return self.views

    def _open(self, number: int) -> None:
        toc = TOC.read(self._index.storage, NAME, gen=number if number >= 0 else None, schema=SCHEMA)
        opened: dict[str, Segment] = {}
        for segment in toc.segments:
            identity = segment.segment_id()
            opened[identity] = self._segments.get(identity) or Segment(
                identity, SegmentReader(self._index.storage, SCHEMA, segment), self._cache
            )
        for identity in self._segments.keys() - opened.keys():
            self._segments[identity].close()
        self._segments, self._number = opened, number
        self.views = [view(opened[s.segment_id()], s.deleted_docs()) for s in toc.segments]

    def places(self, changes: Changes) -> list[Place]:
        """Where the index has the listings that a change replaces or deletes."""
        identities = {*changes.deletes, *(document.id for document in changes.upserts)}
        return [place for one in self.refresh() for place in _places(one, identities)]

    def commit(self, changes: Changes, gone: Iterable[Place]) -> None:
        """Write changes: on disk, and seen by the next refresh, when this returns. The caller holds the write lock."""
        upserts = {document.id: document for document in changes.upserts if document.id not in changes.deletes}
        if not upserts and not gone:
            return
        with self._writer() as writer:
            segments = {segment.segment_id(): segment for segment in writer.segments}
            for place in gone:
                segments[place.segment].delete_document(place.number)
            for document in upserts.values():
                writer.add_document(**_fields(document))
            writer.commit(mergetype=merge_tiers)

    def add_segment(self, documents: Iterable[Document]) -> None:
        """Write many new listings as one segment; a rebuild does it again and again."""
        with self._writer() as writer:
            for document in documents:
                writer.add_document(**_fields(document))
            writer.commit(merge=False)

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        """Whoosh's writer, given up if the block fails. Raises IndexBusy, NeedsRebuild."""
        try:
            with reading():
                writer = self._index.writer(limitmb=512, timeout=_PATIENCE)
        except LockError as busy:
            raise IndexBusy(f"another program holds Whoosh's lock in {self.path}") from busy
        try:
            yield writer
        finally:
            if not writer.is_closed:
                writer.cancel()

    def close(self) -> None:
        for segment in self._segments.values():
            segment.close()
        self._segments, self._number, self.views = {}, -1, ()


def _places(one: View, identities: set[str]) -> Iterator[Place]:
    numbers = one.segment.columns.numbers
    for identity in identities:
        number = numbers.get(identity)
        if number is not None and one.live >> number & 1:
            yield Place(one.segment.identity, number)
