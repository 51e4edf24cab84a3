"""Making the index anew beside a running market: nothing stops, nothing is lost."""

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from market.search import analyser, index_folder, whoosh_engine
from market.search.documents import Changes, Document, Query
from market.search.engine import IndexBusy, NeedsRebuild
from market.search.journal import Journal
from market.search.whoosh_engine import WhooshEngine
from tests.market.search.conftest import thing

Fresh = Callable[[Iterable[Document]], WhooshEngine]


def titles(engine: WhooshEngine, text: str = "") -> set[str]:
    return {hit.title for hit in engine.search(Query(text=text, per_page=100)).hits}


def test_it_reports_what_it_did(fresh: Fresh) -> None:
    engine = fresh([])
    report = engine.rebuild(thing(f"{n}", f"lamp {n}") for n in range(3))
    assert report.documents == 3
    assert 0 < report.seconds < 60


def test_searches_and_changes_go_on_meanwhile(fresh: Fresh) -> None:
    engine = fresh([thing("a", "lamp"), thing("b", "chair")])
    seen: list[set[str]] = []

    def from_the_database() -> Iterator[Document]:
        yield thing("a", "lamp")
        seen.append(titles(engine))
        engine.apply(Changes((thing("c", "desk"),), ("a",)))
        seen.append(titles(engine))
        # The database was read before "b" was edited, and before "a" was sold.
        engine.apply(Changes((thing("b", "armchair"),)))
        yield thing("b", "chair")

    report = engine.rebuild(from_the_database())
    assert seen == [{"lamp", "chair"}, {"chair", "desk"}]
    assert titles(engine) == {"desk", "armchair"}
    assert report.documents == 2


def test_a_rebuild_that_fails_changes_nothing(fresh: Fresh, tmp_path: Path) -> None:
    engine = fresh([thing("a", "lamp")])

    def breaks_off() -> Iterator[Document]:
        yield thing("b", "chair")
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        engine.rebuild(breaks_off())
    assert titles(engine) == {"lamp"}
    assert sorted(path.name for path in (tmp_path / "index").glob("g*")) == ["g000001"]
    engine.apply(Changes((thing("c", "desk"),)))
    assert titles(engine) == {"lamp", "desk"}
    assert not (tmp_path / "index" / "journal.jsonl").exists()


def test_a_fault_after_the_take_over_does_not_take_it_back(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = fresh([thing("a", "lamp")])
    faults = [OSError("the disk is gone")]
    real = Journal.close

    def close(journal: Journal) -> None:
        if faults:
            raise faults.pop()
        real(journal)

    monkeypatch.setattr(Journal, "close", close)
    with pytest.raises(OSError, match="the disk is gone"):
        engine.rebuild([thing("b", "chair")])
    assert titles(engine) == {"chair"}


def test_one_rebuild_at_a_time(fresh: Fresh) -> None:
    engine = fresh([thing("a", "lamp")])
    refused: list[Exception] = []

    def impatient() -> Iterator[Document]:
        try:
            engine.rebuild([])
        except IndexBusy as busy:
            refused.append(busy)
        yield thing("b", "chair")

    engine.rebuild(impatient())
    assert "rebuild.lock" in str(refused[0])
    assert titles(engine) == {"chair"}


def test_an_id_that_comes_twice_counts_with_its_later_listing(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_engine, "_BATCH", 2)
    engine = fresh([])
    moved = [thing("a", "lamp"), thing("a", "red lamp"), thing("b", "chair"), thing("c", "desk")]
    report = engine.rebuild([*moved, thing("b", "armchair"), thing("d", "shelf")])
    assert report.documents == 4
    assert titles(engine) == {"red lamp", "armchair", "desk", "shelf"}


def test_old_generations_go_but_the_one_before_stays(fresh: Fresh, tmp_path: Path) -> None:
    engine = fresh([])
    for number in range(3):
        engine.rebuild([thing("a", f"lamp {number}")])
    assert sorted(path.name for path in (tmp_path / "index").glob("g*")) == ["g000003", "g000004"]


def test_another_analyser_asks_for_a_rebuild(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = fresh([thing("a", "lamp")])
    monkeypatch.setattr(index_folder, "made_by", lambda: "another program")
    with pytest.raises(NeedsRebuild, match=r"made by .*, this program is another program"):
        engine.search(Query())
    with pytest.raises(NeedsRebuild):
        engine.apply(Changes(deletes=("a",)))
    engine.rebuild([thing("b", "chair")])
    assert titles(engine) == {"chair"}


def test_the_analyser_is_named_by_all_that_shapes_the_index() -> None:
    assert analyser.vocabulary().digest() in index_folder.made_by()
    assert "whoosh3" in index_folder.made_by() and "rjieba" in index_folder.made_by()


def test_threads_that_search_and_write_at_once(fresh: Fresh) -> None:
    engine = fresh([thing("a", "lamp")])
    faults: list[BaseException] = []

    def guarded(work: Callable[[int], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                for number in range(6):
                    work(number)
            except BaseException as fault:
                faults.append(fault)

        return run

    def write(worker: int) -> Callable[[int], object]:
        return lambda n: engine.apply(Changes((thing(f"{worker}-{n}", f"lamp {worker} {n}"),)))

    works = [guarded(write(worker)) for worker in range(3)]
    works += [guarded(lambda n: [engine.search(Query(text="lamp")) for _ in range(5)]) for _ in range(2)]
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert engine.search(Query(text="lamp")).total == 19
