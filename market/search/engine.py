"""The one interface the market searches through, whichever engine stands behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from market.search.documents import Changes, Document, Query, Results


class NeedsRebuild(Exception):  # noqa: N818  (a state of the index, not a fault of the caller)
    """The index is missing, damaged or from another version of the analyser; `reason` says which.

    Only `rebuild` helps. The listings themselves are safe in the database.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the search index has to be rebuilt: {reason}")
        self.reason = reason


class IndexBusy(Exception):  # noqa: N818
    """Somebody else is writing the index and did not finish in time; nothing was changed, try again later."""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    documents: int
    seconds: float


class SearchEngine(Protocol):
    """Full-text search over documents. Safe to use from several threads and from several processes."""

    def apply(self, changes: Changes) -> None:
        """Take in changes; when this returns they are durable and every later search sees them.

        Applying the same changes twice leaves the same index. Raises NeedsRebuild and IndexBusy.
        """

    def search(self, query: Query) -> Results:
        """Answer a query. No text makes it fail. Raises NeedsRebuild."""

    def rebuild(self, documents: Iterable[Document]) -> RebuildReport:
        """Make the index anew; searches go on with the old one, and changes applied meanwhile are kept.

        An id that comes twice counts with its later document. Raises IndexBusy if a rebuild is under way.
        """

    def close(self) -> None:
        """Let go of files. The engine opens them again if it is used afterwards."""
