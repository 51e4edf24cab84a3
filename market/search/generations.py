"""One generation of the index: a folder that Whoosh writes, and the segments of its latest commit."""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader

from market.search.documents import Changes, Document
from market.search.segments import PostingCache, Segment, View, reading, view
from market.search.whoosh_files import SCHEMA, DurableStorage, as_fields, merge_tiers

NAME = "MAIN"
_TRIES = 50


class Place(NamedTuple):
    """A listing in the index: its segment and its number there."""

    segment: str
    number: int


class Generation:
    """Not safe for several threads by itself: the engine lines up readers, writers hold the folder's lock."""

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
            for _ in range(_TRIES):
                number = self._index.latest_generation()
                if number == self._number:
                    return self.views
                try:
                    self._open(number)
                except FileNotFoundError:
                    # A commit of another process has just replaced what was being opened.
                    time.sleep(0.01)
            raise RuntimeError("files are missing")

    def _open(self, number: int) -> None:
        toc = TOC.read(self._index.storage, NAME, gen=number if number >= 0 else None, schema=SCHEMA)
        opened = {segment.segment_id(): self._opened(segment) for segment in toc.segments}
        for identity in self._segments.keys() - opened.keys():
            self._segments[identity].close()
        self._segments, self._number = opened, number
        self.views = [view(opened[s.segment_id()], s.deleted_docs()) for s in toc.segments]

    def _opened(self, segment: Any) -> Segment:
        identity = segment.segment_id()
        if held := self._segments.get(identity):
            return held
        return Segment(identity, SegmentReader(self._index.storage, SCHEMA, segment), self._cache)

    def places(self, changes: Changes) -> list[Place]:
        """Where the index has the listings that a change replaces or deletes."""
        identities = {*changes.deletes, *(document.id for document in changes.upserts)}
        return [place for one in self.refresh() for place in _places(one, identities)]

    def commit(self, changes: Changes, gone: Collection[Place]) -> None:
        """Write changes; when this returns they are on disk and in the next refresh. Needs the write lock."""
        deletes = frozenset(changes.deletes)
        upserts = {document.id: document for document in changes.upserts if document.id not in deletes}
        if not upserts and not gone:
            return
        with self._writer() as writer:
            segments = {segment.segment_id(): segment for segment in writer.segments}
            for place in gone:
                segments[place.segment].delete_document(place.number)
            for document in upserts.values():
                writer.add_document(**as_fields(document))
            writer.commit(mergetype=merge_tiers)

    def add_segment(self, documents: Iterable[Document]) -> None:
        """Write many new listings as one segment; a rebuild does it again and again."""
        with self._writer() as writer:
            for document in documents:
                writer.add_document(**as_fields(document))
            writer.commit(merge=False)

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        """Whoosh's writer, given up if the block fails. Raises NeedsRebuild.

        Its own lock stays off: the folder's locks guard every writer, and a writer of Whoosh that fails while
        it is made would keep that lock for as long as anybody holds the traceback.
        """
        with reading():
            writer = self._index.writer(limitmb=512, _lk=False)
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
