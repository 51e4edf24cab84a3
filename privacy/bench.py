"""What the privacy room works with besides the database: the file store, the deployment's profile, the keys."""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from core.config import Config
from core.files import FolderStore, Store


@dataclass(frozen=True, slots=True)
class Bench:
    """`profile` is fixed by the deployment, never chosen by a shop. `keys` is the folder of the house's signing keys."""

    store: Store
    profile: str
    keys: Path


def bench_of(config: Config) -> Bench:
    return Bench(FolderStore(config.data / "files"), config.policy_profile, config.data / "keys")


def bench() -> Bench:
    """The bench of the running program (within a request or an application context)."""
    return bench_of(current_app.extensions["xunshi"])
