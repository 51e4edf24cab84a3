"""The market's jobs need the house around them, as the server's runner gives it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import jobs
from tests.market_stories import listed_coat


@pytest.fixture
def run_jobs(app: Flask, session: Session) -> Callable[[], int]:
    """Run every job that is due; the index follows."""

    def run() -> int:
        with app.app_context():
            return jobs.run_due(session)

    return run


@pytest.fixture
def coat(doing: Any, alice: Any) -> str:
    """Alice's coat is on sale for 199 yuan; the listing's id."""
    return listed_coat(doing, alice)
