"""What several stories of the appraisal room begin with."""

import pytest

from tests.appraisal_stories import everything_wiped


@pytest.fixture
def all_wiped(app):
    """Devices whose wipe stands, without their walk over the bench: the story is about the grade."""
    with everything_wiped():
        yield
