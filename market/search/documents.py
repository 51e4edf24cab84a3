"""What goes into the search and what comes out: values only, known to the index and to the pages alike."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

MOST_PER_PAGE = 100
LARGEST_PRICE = 10**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One listing as the search knows it.

    `category`, `district`, `grade`, `condition` and `seller_kind` are codes and are filtered by equality: a grade is an
    appraiser's, a condition the seller's own word, and neither is found by the other. `attributes` are words for people
    (brand, model, label of the category, name of the district) and are searched after the title and before the body.
    `price_minor` is in minor units of `currency`; `published_at` is aware.
    """

    id: str
    title: str
    body: str = ""
    category: str = ""
    district: str = ""
    grade: str = ""
    condition: str = ""
    wiped: bool = False
    price_minor: int = 0
    currency: str = "CNY"
    seller_kind: str = ""
    published_at: datetime
    url: str = ""
    attributes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a document needs an id")
        if self.published_at.utcoffset() is None:
            raise ValueError(f"document {self.id}: published_at has no zone")
        if abs(self.price_minor) > LARGEST_PRICE:
            raise ValueError(f"document {self.id}: no price has that many digits")


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to listings since the last call. An id that stands in both is deleted, to be safe."""

    upserts: tuple[Document, ...] = ()
    deletes: tuple[str, ...] = ()


class Sort(StrEnum):
    """Without words to judge by, RELEVANCE is the same as NEWEST."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody looks for. Empty fields filter nothing; tuples mean "any of these".

    "Grade B or better" is asked as the tuple of those grades: their order belongs to a grading standard. Prices
    are minor units of `currency`: a listing in another one is outside every range and sorts after the rest.
    Pages count from 1; a page below 1 or a size out of 1..100 is moved to the nearest one that exists. Raises
    ValueError for an unknown `sort`.
    """

    text: str = ""
    category: str = ""
    districts: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    wiped: bool | None = None
    seller_kinds: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    currency: str = "CNY"
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 24

    def __post_init__(self) -> None:
        object.__setattr__(self, "sort", Sort(self.sort))
        object.__setattr__(self, "page", max(1, self.page))
        object.__setattr__(self, "per_page", min(max(1, self.per_page), MOST_PER_PAGE))


class Part(NamedTuple):
    """A piece of a text to show, plain and unescaped; `is_match` asks the page to mark it."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One listing found, with enough of it for a list. The joined parts of the title are the title."""

    id: str
    score: float
    title_parts: tuple[Part, ...]
    snippet_parts: tuple[Part, ...]
    title: str
    price_minor: int
    currency: str
    url: str


class Count(NamedTuple):
    """How many listings have this value of a facet."""

    value: str
    listings: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts, largest first. Each is taken under all filters but its own, so that one can switch."""

    categories: tuple[Count, ...] = ()
    districts: tuple[Count, ...] = ()


class Loosened(StrEnum):
    """What was taken back because the query as asked finds nothing. `wiped` and excluded words never are."""

    SPELLING = "spelling"
    PRICE = "price"
    GRADE = "grade"
    CONDITION = "condition"
    SELLER = "seller"
    DISTRICT = "district"
    CATEGORY = "category"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What there is where nothing fits: the answer to another question, which `relaxed` names: what was taken back, in order.

    To be shown as what it is, never as the answer. `pages` are its own; the query's page counts in them.
    """

    relaxed: tuple[Loosened, ...]
    total: int
    pages: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of the answer to the query as it was asked. `total` is exact; beyond the last page `hits` is empty and the
    rest still true.

    `instead`: only where nothing fits and something near does. `suggestion` is the text with its typing slips put right, or
    None.
    """

    total: int
    page: int
    pages: int
    hits: tuple[Hit, ...]
    facets: Facets = Facets()
    suggestion: str | None = None
    instead: Instead | None = None
