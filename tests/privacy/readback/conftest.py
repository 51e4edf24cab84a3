"""A station's key in the plain, in a folder of the test."""

import pytest

from privacy.readback.keys import make_key


@pytest.fixture
def station(tmp_path):
    path, key = make_key(tmp_path / "keys", None)
    return path, key
