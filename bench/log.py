"""How fast the public log is: adding leaves durably, proofs in a log of a million, checking exported records, papers offline.

Run: python bench/log.py [--leaves 1000000] [--papers 1000]. One JSON line per figure: name, value, unit, baseline, ratio.
Baselines do the least that could be called the same work, in the same process: plain INSERTs of the same texts (no
numbers, no nodes, no signature), bare SHA-256 over the same leaves (no tree), so a ratio of 1 is an upper bound and no
rival's figure. Memory and disk are a temporary folder's."""

import argparse
import hashlib
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core import canonical, clock, config, ids
from core.db import Base, Database, create_guards, stamp
from core.work import Actor, work
from privacy import verify
from privacy.bench import bench_of
from privacy.clearance import house_key
from privacy.clearance.log import keys, queries, sequencing, tiles, tree
from privacy.clearance.log.leaves import append_leaf
from privacy.clearance.log.models import LogLeaf

ACTOR = Actor("system:bench")
KIND = "privacy:certificate:issued"


def say(name: str, value: float, unit: str, baseline: str, ratio: float) -> None:
    figure = {"name": f"log.{name}", "value": round(value, 4), "unit": unit, "baseline": baseline, "ratio": round(ratio, 4)}
    print(json.dumps(figure), flush=True)


def took(step: Callable[[], object]) -> float:
    begun = time.perf_counter()
    step()
    return time.perf_counter() - begun


def leaf(n: int, at: str) -> str:
    """A leaf like that of a certificate with five commitments."""
    digest = hashlib.sha256(str(n).encode()).hexdigest()
    fields = ("item.serial.0", "medium.0.file", "medium.0.serial", "wipe_operator", "wipe_verifier")
    value = {
        "v": 1, "type": KIND, "subject": f"XS-2026-{n:06d}-K", "created": at,
        "body": {"certificate": f"XS-2026-{n:06d}-K", "digest": digest, "epoch": 1, "keys": [digest[:16]]},
        "commitments": [{"commitment": digest, "field": field} for field in fields],
    }  # fmt: skip
    return canonical.encode(value).decode()


def open_house(folder: Path) -> tuple[Flask, Database, config.Config]:
    from app import create_app

    made = config.Config(data=folder, database_url=f"sqlite:///{folder / 'bench.db'}", testing=True)
    app = create_app(made)
    database: Database = app.extensions["xunshi_db"]
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_guards(connection)
    return app, database, made


def fill(session: Session, made: config.Config, count: int) -> float:
    """`count` leaves, numbered in batches of 10,000; returns the seconds it took, writing and numbering."""
    seconds, at, begun = 0.0, clock.now(), 0
    while begun < count:
        rows = [
            {"id": ids.new_id(), "kind": KIND, "subject": f"XS-2026-{n:06d}-K", "text": leaf(n, stamp(at)), "created": at}
            for n in range(begun, min(begun + 10_000, count))
        ]

        def batch(rows: list[dict[str, Any]] = rows) -> None:
            with work(session, ACTOR, clock.now()) as w:
                w.session.execute(insert(LogLeaf), rows)
                sequencing.sequence(w, made, batch=10_001)

        seconds += took(batch)
        begun += len(rows)
    return seconds


def plain_inserts(folder: Path, count: int) -> float:
    """The same texts into a table with an id and a text, in transactions of 10,000, as durable as ours."""
    raw = sqlite3.connect(folder / "plain.db", isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT)")
    seconds, at = 0.0, stamp(clock.now())
    for begun in range(0, count, 10_000):
        rows = [(n, leaf(n, at)) for n in range(begun, min(begun + 10_000, count))]

        def batch(rows: list[tuple[int, str]] = rows) -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany("INSERT INTO plain VALUES (?, ?)", rows)
            raw.execute("COMMIT")

        seconds += took(batch)
    raw.close()
    return seconds


def single(session: Session, made: config.Config, folder: Path, count: int = 200) -> None:
    """One leaf a transaction, each waited for until it is on the disk; numbering is the sequencer's, afterwards."""

    def ours() -> None:
        for n in range(count):
            with work(session, ACTOR, clock.now()) as w:
                append_leaf(w, KIND, f"XS-2026-{n:06d}-K", {"digest": hashlib.sha256(b"x").hexdigest(), "epoch": 1})

    raw = sqlite3.connect(folder / "plain.db", isolation_level=None)
    raw.execute("PRAGMA synchronous=FULL")

    def plain() -> None:
        for _ in range(count):
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO plain (text) VALUES (?)", ("x" * 300,))
            raw.execute("COMMIT")

    ours_s, plain_s = min(took(ours) for _ in range(3)), min(took(plain) for _ in range(3))
    raw.close()
    say("append_one_durable", count / ours_s, "leaves/s", "one durable INSERT of a text a transaction", plain_s / ours_s)
    with work(session, ACTOR, clock.now()) as w:
        seconds = took(lambda: sequencing.sequence(w, made))
    say("number_and_sign_600_waiting", seconds * 1000, "ms", "1 s, the promise", seconds)


def proofs(session: Session, size: int, tries: int = 300) -> None:
    head = queries.latest(session)
    assert head is not None
    wanted = random.Random(7).sample(range(size), tries)
    seconds = took(lambda: [queries.proof_text(session, n, head) for n in wanted])
    read = took(lambda: [list(queries.texts(session, n, n + 1)) for n in wanted])
    say("inclusion_proof", seconds / tries * 1000, "ms", "reading one leaf by its number", seconds / read)
    seconds = took(lambda: [queries.consistency(session, n + 1, head.size) for n in wanted])
    say("consistency_proof", seconds / tries * 1000, "ms", "reading one leaf by its number", seconds / read)


def exported(session: Session, folder: Path, listed: dict[str, object]) -> None:
    seconds = took(lambda: tiles.export(session, folder, listed, []))
    head = verify.parse_checkpoint((folder / "checkpoint").read_bytes())
    say("export", head.size / seconds, "leaves/s", "none", 0)
    leaves = list(verify.entries(lambda name: (folder / name).read_bytes(), head.size))
    trust = verify.read_keys(canonical.encode(listed))
    ours = took(lambda: verify.check_log(folder, trust, None))
    bare = took(lambda: [hashlib.sha256(one).digest() for one in leaves])
    say("verify_export", head.size / ours, "leaves/s", "bare SHA-256 of the same leaves, already in memory", bare / ours)

    def roots() -> None:
        grown = tree.Growing()
        for one in leaves:
            grown.add(tree.leaf_hash(one))

    say("root_of_leaves", head.size / (seconds := took(roots)), "leaves/s", "bare SHA-256 of the same leaves", bare / seconds)


def papers(count: int) -> Iterator[tuple[bytes, bytes]]:
    """(certificate, key list) of a made-up house: operator, validator and house signed each, all stand under one checkpoint."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.privacy.log.forging import STATEMENT, Town, signature

    town, made = Town(), []
    for n in range(count):
        number, job = f"XS-2026-{n:06d}-K", f"QC-2026-{n:06d}-K"
        body = town.body(number=number, job=job, operation=town.operation({**STATEMENT, "job": job}))
        signed = [signature(town.keys[who], body) for who in ("validator", "house")]
        made.append((body, signed, town.entry(body, signed)))
    _, proofs = town.head([text for _, _, text in made])
    listed = canonical.encode(town.list)
    for n, (body, signed, text) in enumerate(made):
        place = {"state": "entered", "index": n, "since": body["issued_at"], "leaf": text, "proof": proofs[n]}
        value = {
            "kind": "wipe_certificate", "version": 1, "body": body, "digest": canonical.digest(body), "signatures": signed,
            "state": "issued", "as_of": body["verified"]["at"], "delivered_at": None, "ended_at": None, "log": place,
        }  # fmt: skip
        yield canonical.encode(value), listed


def offline(count: int) -> None:
    made = list(papers(count))
    trust = verify.read_keys(made[0][1])
    bare = took(lambda: [hashlib.sha256(data).digest() for data, _ in made])
    for name, fast in (("with_cryptography", True), ("standard_library_only", False)):
        kept = verify._Fast
        verify._checked.cache_clear()
        if not fast:
            verify._Fast = None  # type: ignore[misc, assignment]
        answers: list[str] = []
        seconds = took(lambda answers=answers: answers.extend(verify.examine(data, trust).verdict for data, _ in made))  # type: ignore[misc]
        verify._Fast = kept  # type: ignore[misc]
        assert answers == ["valid"] * count
        say(f"check_{count}_papers_{name}", seconds, "s", "bare SHA-256 of the same files", bare / seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leaves", type=int, default=1_000_000)
    parser.add_argument("--papers", type=int, default=1000)
    asked = parser.parse_args()
    offline(asked.papers)
    with tempfile.TemporaryDirectory(prefix="xunshi-bench-") as name:
        folder = Path(name)
        app, database, made = open_house(folder)
        with app.app_context(), database.session() as session:
            ours = fill(session, made, asked.leaves)
            plain = plain_inserts(folder, asked.leaves)
            baseline = "plain INSERT of the same texts, 10,000 a transaction"
            say("append_and_number_in_bulk", asked.leaves / ours, "leaves/s", baseline, plain / ours)
            single(session, made, folder)
            proofs(session, asked.leaves)
            exported(session, folder / "export", house_key.key_list(bench_of(made).keys, keys.listed(session)))


if __name__ == "__main__":
    main()
