"""What the privacy room works with besides the database: the file store, the deployment's profile, the keys."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import current_app

from core.config import Config
from core.files import FolderStore, Store


@dataclass(frozen=True, slots=True)
class Bench:
    """`profile` is fixed by the deployment, never chosen by a shop. `keys` is the folder of the house's signing keys.
    `declarations_from`: before that day a check-list may pass without its maker's declaration; None asks for one always.
    `made_up`: declarations made up for demonstrations count, too (never in production)."""

    store: Store
    profile: str
    keys: Path
    declarations_from: date | None = None
    made_up: bool = False


def bench_of(config: Config) -> Bench:
    return Bench(
        FolderStore(config.data / "files"),
        config.policy_profile,
        config.data / "keys",
        config.declarations_from,
        made_up=not config.production,
    )


def bench() -> Bench:
    """The bench of the running program (within a request or an application context)."""
    return bench_of(current_app.extensions["xunshi"])
