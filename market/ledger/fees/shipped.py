"""The policies that come with the house, one file each in `policies/`: the first version of each, in the shape that
`flask fees explain` takes."""

import functools
from pathlib import Path
from typing import Any

from market.ledger.fees import strict
from market.ledger.fees.policy import Policy
from market.ledger.fees.reading import read_policy

FOLDER = Path(__file__).with_name("policies")


@functools.lru_cache
def shipped() -> dict[str, Policy]:
    """By id. Raises Unreadable: a slip of the pen stops the program at the start."""
    found = [read_policy(data) for data in _files().values()]
    return {policy.id: policy for policy in found}


@functools.lru_cache
def _files() -> dict[str, Any]:
    return {path.stem: strict.load(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"), key=_place)}


def _place(path: Path) -> tuple[bool, str]:
    """What concerns most people stands first."""
    return path.stem != "market-private", path.stem
