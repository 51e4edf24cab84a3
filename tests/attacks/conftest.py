"""What an attacker has at hand: a browser, files, the command line, raw SQL with the guards put aside, and the disk.

Every attack on a wipe ends with the same question, `cleared(job_id)`: does anybody get a certificate for this? And every
attack has a genuine twin that gets one by the very same way."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from core import audit, clock
from core.db import drop_guards
from core.work import Actor, work
from privacy import verify
from privacy.clearance.log import sequencing
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.wipes import rules
from privacy.wipes.models import Judgement, WipeJob
from privacy.wipes.queries import judgements_of, present_media
from tests import stories

CHECKS = dict.fromkeys(rules.CHECKS, "y")


@dataclass(frozen=True)
class Sent:
    """What came of a file: the answer's status, (verdict, reasons) of each judgement, the job's state."""

    status: int
    verdicts: list[tuple[str, list[str]]]
    state: str

    @property
    def reasons(self) -> set[str]:
        return {code for _, reasons in self.verdicts for code in reasons}

    @property
    def passed(self) -> bool:
        return any(verdict == "pass" for verdict, _ in self.verdicts)


@pytest.fixture
def on_bench(doing, alice, wang, shop) -> Callable[..., str]:
    """`on_bench(disk, ...)`: a laptop with these disks, agreed to, counted, at Wang's bench. Returns the job's id."""
    numbers = iter("ABCDEFGHJKLMNPQRSTUVWXYZ")

    def begin(*disks: stories.Disk) -> str:
        item_id = stories.laptop(doing, alice, serial=f"PF3AT{next(numbers)}K7", disks=disks)
        return stories.started(doing, item_id, alice, wang, shop)

    return begin


@pytest.fixture
def send(session, wang) -> Callable[..., Sent]:
    """`send(job_id, bytes)`: the operator uploads a file in the browser."""

    def upload(job_id: str, *raws: bytes, who=wang) -> Sent:
        before = {one.id for one in judgements_of(session, job_id)}
        session.rollback()
        data = {"files": [(io.BytesIO(raw), f"wipe{n}.log") for n, raw in enumerate(raws)]}
        answer = who.client().post(f"/wipes/{job_id}/evidence", data=data, content_type="multipart/form-data")
        made: list[Judgement] = [one for one in judgements_of(session, job_id) if one.id not in before]
        found = Sent(answer.status_code, [(one.verdict, list(one.reasons)) for one in made], session.get_one(WipeJob, job_id).state)
        session.rollback()
        assert answer.status_code < 500
        return found

    return upload


@pytest.fixture
def cleared(session, wang, zhao) -> Callable[..., bool]:
    """The operator tries to sign and the verifier to accept, in the browser, every box ticked. Is the item cleared after it?"""

    def accept(job_id: str, *, operator=wang, verifier=zhao, counted: int | None = None) -> bool:
        job = session.get_one(WipeJob, job_id)
        item_id, inside = job.item_id, len(present_media(session, job.item_id))
        session.rollback()
        operator.client().post(f"/wipes/{job_id}/sign")
        data = stories.verify_data(session, job_id, counted=str(inside if counted is None else counted))
        answer = verifier.client().post(f"/wipes/{job_id}/verify", data=data, content_type="multipart/form-data")
        assert answer.status_code < 500
        session.rollback()
        found = find_clearance(session, item_id) is not None
        session.rollback()
        return found

    return accept


@pytest.fixture
def sequence(app, session) -> Callable[[], int]:
    """The server's clockwork: the audit log is sealed, waiting leaves are numbered, a checkpoint is signed."""

    def step() -> int:
        session.rollback()
        with work(session, Actor("system:sealer"), clock.now()) as w:
            audit.seal(w.session)
        with work(session, Actor("system:log_sequencer"), clock.now()) as w:
            return sequencing.sequence(w, app.extensions["xunshi"])

    return step


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop) -> str:
    """A cleared laptop of Alice's. Its item's id."""
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def number(session, laptop, sequence) -> str:
    """The number of its certificate, which stands in the log."""
    found = certificate_of(session, laptop).number
    sequence()
    return found


@pytest.fixture
def sql(database, session) -> Callable[..., int]:
    """The insider with the program's own database account: any SQL, the guards awake."""

    def run(statement: str, **values: object) -> int:
        session.rollback()
        with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return connection.execute(text(statement), values).rowcount

    return run


@pytest.fixture
def unguarded(database, session) -> Callable[..., None]:
    """The insider who owns the database: the guards are put aside, then any SQL."""

    def run(statement: str, **values: object) -> None:
        session.rollback()
        with database.engine.begin() as connection:
            if database.is_sqlite:
                drop_guards(connection)
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement), values)

    return run


@pytest.fixture
def offline(tmp_path, anonymous) -> Callable[..., dict]:
    """`offline(paper)`: what a stranger's copy of the one verifier says of it with the network off; keys as served."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()

    def run(paper: bytes, *args: str, keys: bytes | None = None, **files: bytes) -> dict:
        (folder / "copied.py").write_bytes(Path(verify.__file__).read_bytes())
        (folder / "paper.json").write_bytes(paper)
        (folder / "keys.json").write_bytes(anonymous.get("/keys.json").data if keys is None else keys)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        command = [sys.executable, "-I", "copied.py", "paper.json", "--trust", "keys.json", "--json", *args]
        done = subprocess.run(command, capture_output=True, cwd=folder, env={"PATH": os.environ["PATH"]}, timeout=60)
        value = json.loads(done.stdout)
        return {"verdict": value["verdict"], **{one["code"]: one["ok"] for one in value["checks"]}}

    return run
