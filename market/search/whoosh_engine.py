"""The search engine of a single machine: Whoosh keeps the terms on disk, we decide what they are worth.

Several threads and processes may search and write at once; writers line up. A rebuild goes on beside searches
and changes, and takes over in one step.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from market.search.documents import Changes, Document, Hit, Instead, Query, Results
from market.search.engine import NeedsRebuild, RebuildReport
from market.search.generations import Generation
from market.search.highlights import mark, marks_of, snippet
from market.search.index_folder import IndexFolder
from market.search.matching import Found, facets
from market.search.ranking import Candidate, page
from market.search.relaxing import Near, answer
from market.search.segments import PostingCache
from market.search.wording import Wish, read_wish

# Listings of one segment while an index is made; more would take too much memory at once.
_BATCH = 10_000


class WhooshEngine:
    """A `SearchEngine` on the folder `root`, made if need be. `patience`: seconds to wait for another writer."""

    def __init__(self, root: Path, *, patience: float = 10.0) -> None:
        self._folder = IndexFolder(root, patience)
        self._cache = PostingCache()
        self._generation: Generation | None = None
        # Whoosh's files have one read position each: the searches of a process take turns of milliseconds.
        self._turn = threading.Lock()

    def search(self, query: Query) -> Results:
        wish = read_wish(query.text)
        with self._turn:
            try:
                return self._answer(wish, query)
            except FileNotFoundError:
                self._forget()  # another process has rebuilt the index twice since it was opened
            except NeedsRebuild:
                self._forget()
                raise
            try:
                return self._answer(wish, query)
            except FileNotFoundError as gone:
                raise NeedsRebuild(f"a file is missing ({gone.filename})") from gone

    def _answer(self, wish: Wish, query: Query) -> Results:
        found, suggestion, near = answer(self._current().refresh(), wish, query)
        return Results(
            total=found.total,
            page=query.page,
            pages=_pages(found),
            hits=_hits(found),
            facets=facets(found),
            suggestion=suggestion,
            instead=_instead(near) if near else None,
        )

    def apply(self, changes: Changes) -> None:
        with self._folder.writing():
            # What is noted for a rebuild but fails below is tried again by the caller: twice does no harm.
            self._folder.note(changes)
            with self._turn:
                generation = self._current()
                gone = generation.places(changes)
            generation.commit(changes, gone)

    def rebuild(self, documents: Iterable[Document]) -> RebuildReport:
        began = time.monotonic()
        with self._folder.rebuilding():
            with self._folder.writing():
                path = self._folder.next_generation()
                self._folder.journal.open()
            fresh = Generation.create(path, self._cache)
            try:
                count = self._fill(fresh, documents)
            except BaseException:
                self._folder.journal.close()
                fresh.close()
                self._folder.discard(path)
                raise
        with self._turn:
            self._forget()
            self._generation = fresh
        return RebuildReport(count, time.monotonic() - began)

    def _fill(self, fresh: Generation, documents: Iterable[Document]) -> int:
        """Write all listings, catch up with what was changed meanwhile, take over. Returns their number."""
        late: dict[str, Document] = {}
        for batch in _batches(documents, late):
            fresh.add_segment(batch)
        _take_in(fresh, Changes(tuple(late.values())))
        fresh.refresh()  # slow for a large index, so before writers have to wait
        with self._folder.writing():
            for changes in self._folder.journal.noted():
                _take_in(fresh, changes)
            count = sum(view.live.bit_count() for view in fresh.refresh())
            self._folder.switch(fresh.path)
            self._folder.journal.close()
        return count

    def close(self) -> None:
        with self._turn:
            self._forget()

    def _current(self) -> Generation:
        """The generation in use, opened. The caller has the turn."""
        path = self._folder.current()
        if self._generation is None or self._generation.path != path:
            self._forget()
            self._generation = Generation(path, self._cache)
        return self._generation

    def _forget(self) -> None:
        if self._generation is not None:
            self._generation.close()
            self._generation = None


def _batches(documents: Iterable[Document], late: dict[str, Document]) -> Iterator[list[Document]]:
    """Pieces to write as segments. An id that comes again after its piece is written goes to `late`."""
    seen: set[str] = set()
    batch: dict[str, Document] = {}
    for document in documents:
        if document.id in seen:
            late[document.id] = document
            continue
        batch[document.id] = document
        if len(batch) == _BATCH:
            yield list(batch.values())
            seen |= batch.keys()
            batch = {}
    if batch:
        yield list(batch.values())


def _take_in(generation: Generation, changes: Changes) -> None:
    generation.commit(changes, generation.places(changes))


def _instead(near: Near) -> Instead:
    found = near.found
    return Instead(relaxed=near.loosened, total=found.total, pages=_pages(found), hits=_hits(found))


def _pages(found: Found) -> int:
    return -(-found.total // found.query.per_page)


def _hits(found: Found) -> tuple[Hit, ...]:
    marks = marks_of(found.wish)
    return tuple(_hit(candidate, marks) for candidate in page(found))


def _hit(candidate: Candidate, marks: frozenset[str]) -> Hit:
    segment, number = candidate.view.segment, candidate.number
    shown, columns = segment.shown(number), segment.columns
    return Hit(
        id=columns.ids[number],
        score=round(candidate.score, 4),
        title_parts=mark(shown.title, marks),
        snippet_parts=snippet(shown.body, marks),
        title=shown.title,
        price_minor=columns.prices[number],
        currency=columns.currencies[number],
        url=shown.url,
    )
