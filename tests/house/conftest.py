"""The house that tests of all pages walk through."""

from dataclasses import replace

import pytest

from tests.conftest import fresh_database
from tests.house.town import Town


@pytest.fixture(scope="module")
def town(house, tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    before, first = house.extensions["xunshi"], house.extensions["xunshi_db"]
    house.extensions["xunshi"] = replace(before, data=folder)
    house.extensions["xunshi_db"] = fresh_database(first)  # what tests before left behind has its files in folders of theirs
    with house.extensions["xunshi_db"].session() as session:
        yield Town(house, session)
    first.engine.dispose()
    house.extensions["xunshi"], house.extensions["xunshi_db"] = before, first
