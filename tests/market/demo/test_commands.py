"""`flask demo`: never on real people, never in production; --first only in an empty house; else afresh, with a backup.
`flask start`: prepared, filled and served by one process."""

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, migrate, runner
from core.commands.house import start
from core.db import Database
from core.goods.models import Category
from core.goods.register import keep_categories
from core.people.demo import add_demo_person
from core.people.models import Account
from core.work import Actor, work
from market.demo import build as building
from market.demo.commands import demo
from tests.harness.ports import free_ports


@pytest.fixture
def steps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts the builds; each makes one person, which is quick."""
    made: list[str] = []

    def build(_app: Flask) -> building.Built:
        with app.extensions["xunshi_db"].session() as session, work(session, Actor("system:demo"), clock.now()) as w:
            made.append(add_demo_person(w, "林晓雯 (Alice)", f"alice{len(made)}@demo.example").id)
        return building.Built(1, 0)

    monkeypatch.setattr(building, "build", build)
    return made


@pytest.fixture
def migrated(app: Flask, tmp_path: Path) -> Iterator[Database]:
    """A house as `flask prepare` makes it, on SQLite whatever the engine of this run."""
    before = app.extensions["xunshi_db"]
    database = Database(f"sqlite:///{tmp_path / 'migrated.db'}")
    migrate.upgrade(database)
    keep_categories(database)
    app.extensions["xunshi_db"] = database
    yield database
    database.engine.dispose()
    app.extensions["xunshi_db"] = before


def run(app: Flask, *args: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(demo, args)
    return result.exit_code, result.stdout, result.stderr


def test_real_people_are_left_alone(app: Flask, steps: list[str], alice) -> None:
    code, said, refused = run(app)
    assert (code, said, json.loads(refused)["error"]) == (2, "", "real_people")
    assert run(app, "--first") == (0, "", "") and steps == []


def test_production_is_never_filled(app: Flask, steps: list[str]) -> None:
    app.extensions["xunshi"] = replace(app.extensions["xunshi"], env="production")
    code, _, refused = run(app)
    assert code == 2 and json.loads(refused)["error"] == "production"
    assert run(app, "--first") == (0, "", "") and steps == []


def test_first_builds_once(app: Flask, steps: list[str]) -> None:
    code, said, _ = run(app, "--first")
    assert code == 0 and "alice0@demo.example" in said and len(steps) == 1
    began = time.perf_counter()
    assert run(app, "--first") == (0, "", "")
    assert time.perf_counter() - began < 1 and len(steps) == 1


@pytest.mark.slow
def test_again_means_afresh_after_a_backup(app: Flask, steps: list[str], migrated: Database, tmp_path: Path) -> None:
    run(app)
    (tmp_path / "files" / "photo").mkdir(parents=True)
    (tmp_path / "files" / "photo" / "old").write_text("old")
    code, said, refused = run(app)
    assert code == 0, refused
    assert len(list((tmp_path / "backups").glob("*.tar.gz"))) == 1 and "backed up" in said
    assert not (tmp_path / "files" / "photo" / "old").exists()
    with migrated.session() as session:
        assert [one.id for one in session.scalars(select(Account))] == steps[1:]
        assert session.get(Category, "laptop") is not None


@pytest.mark.slow
def test_an_interrupted_first_time_is_begun_afresh(
    app: Flask, steps: list[str], migrated: Database, tmp_path: Path
) -> None:
    run(app, "--first")
    (tmp_path / "demo.unfinished").touch()
    assert run(app, "--first")[0] == 0 and len(steps) == 2
    assert not (tmp_path / "demo.unfinished").exists()


def test_tables_come_first(app: Flask, tmp_path: Path) -> None:
    before = app.extensions["xunshi_db"]
    app.extensions["xunshi_db"] = Database(f"sqlite:///{tmp_path / 'none.db'}")
    assert json.loads(run(app)[2])["error"] == "not_prepared"
    app.extensions["xunshi_db"] = before


@pytest.fixture
def empty(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A folder with nothing in it, and a server that answers nobody. Gives what set-up work was done."""
    before, worked = app.extensions["xunshi_db"], list[str]()
    app.extensions["xunshi_db"] = Database(f"sqlite:///{tmp_path / 'new.db'}")
    # somebody may be looking at the demo at the usual port while the tests run
    app.extensions["xunshi"] = replace(app.extensions["xunshi"], port=free_ports())
    upgrade = migrate.upgrade
    monkeypatch.setattr(migrate, "upgrade", lambda *args: (worked.append("migrated"), upgrade(*args)))
    monkeypatch.setattr(runner, "start", lambda *_args: threading.Event())
    monkeypatch.setattr("waitress.create_server", lambda *_args, **_settings: _Server())
    yield worked
    app.extensions["xunshi_db"].engine.dispose()
    app.extensions["xunshi_db"] = before


class _Server:
    def run(self) -> None:
        """Everybody has gone home."""


def begin(app: Flask) -> str:
    result = app.test_cli_runner().invoke(start)
    assert result.exit_code == 0, result.output
    return result.stdout


def kept_files(folder: Path) -> dict[str, tuple[int, int]]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("new.db-")]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


@pytest.mark.slow
def test_the_first_start_fills_the_house_and_says_once_how_to_come_in(app: Flask, steps: list[str], empty: list[str]) -> None:
    said = begin(app)
    assert empty == ["migrated"] and len(steps) == 1
    assert said.count("alice0@demo.example") == said.count("the password of all is") == 1
    assert re.search(r"is open at http://127\.0\.0\.1:\d+\n", said) and "/demo has one button" in said
    assert said.index("are ready") < said.index("is open at") < said.index("alice0@demo.example")


@pytest.mark.slow
def test_the_second_start_does_no_set_up_work(app: Flask, steps: list[str], empty: list[str], tmp_path: Path) -> None:
    begin(app)
    before = kept_files(tmp_path)
    said = begin(app)
    assert empty == ["migrated"] and len(steps) == 1
    assert kept_files(tmp_path) == before and str(tmp_path / "new.db") in before
    assert said.count("alice0@demo.example") == 1 and "ready" not in said and "backed up" not in said


@pytest.mark.slow
def test_a_real_house_starts_without_a_demonstration(app: Flask, steps: list[str], empty: list[str]) -> None:
    app.extensions["xunshi"] = replace(app.extensions["xunshi"], env="production")
    said = begin(app)
    assert steps == [] and "is open at" in said and "demo" not in said


def test_make_run_is_one_process() -> None:
    recipe = re.search(r"^run:.*\n((?:\t.*\n)+)", (Path(__file__).parents[3] / "Makefile").read_text("utf-8"), re.M)
    assert recipe is not None and recipe[1].split() == ["@exec", "$(FLASK)", "start"]
