"""The market's jobs need the house around them, as the server's runner gives it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import jobs


@pytest.fixture
def run_jobs(app: Flask, session: Session) -> Callable[[], int]:
    """Run every job that is due; the index follows."""

    def run() -> int:
        with app.app_context():
            return jobs.run_due(session)

    return run
