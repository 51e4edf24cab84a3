"""Write the next migration: `.venv/bin/python migrations/make.py 0002 "what it does"`, then read it and mend it by hand.

Tables by Alembic's comparison with a database at today's head; guards frozen from the models as JSON."""

import json
import sys
import tempfile
from pathlib import Path

from alembic import command

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import app  # noqa: E402, F401  (all tables)
from core import migrate  # noqa: E402
from core.db import GUARDS, Database  # noqa: E402

FOLDER = Path(__file__).resolve().parent / "versions"


def main() -> None:
    revision, message = sys.argv[1], sys.argv[2]
    before = migrate.head() if list(FOLDER.glob("*.py")) else None
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/scratch.db")
        if before:
            migrate.upgrade(database)
        with database.engine.connect().execution_options(writes=True) as connection:
            settings = migrate.settings(connection)
            command.revision(settings, message, autogenerate=True, rev_id=revision)
    frozen = {
        name: {"table": one.table, "sqlite": list(one.sqlite), "postgresql": list(one.postgresql)}
        for name, one in sorted(GUARDS.items())
    }
    path = FOLDER / f"{revision}_guards.json"
    path.write_text(json.dumps(frozen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    file = next(FOLDER.glob(f"{revision}_*.py"))
    text = file.read_text(encoding="utf-8")
    text = text.replace("from alembic import op\n", "from alembic import op\n\nfrom migrations import guards\n", 1)
    up, down = text.split("def downgrade() -> None:\n")
    up = up.rstrip() + f"\n    guards.swap(op.get_bind(), {before!r}, {revision!r})\n\n\n"
    down = f"    guards.swap(op.get_bind(), {revision!r}, {before!r})\n" + down
    file.write_text(up + "def downgrade() -> None:\n" + down, encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
