"""Two processes full of shoppers want the same things: each is sold once. And whoever is killed in the middle leaves nothing half done."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import _postgres_database
from tests.market.rush.shop import check_invariants, open_shop
from tests.soak import SOAKING

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.slow]
KILLS = 50 if SOAKING else 5


def shoppers(url: str, data: Path, threads: int, seconds: float, seed: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.market.rush.shoppers", url, str(data), str(threads), str(seconds), str(seed)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def url(tmp_path: Path, house) -> str:
    server = os.environ.get("XUNSHI_TEST_POSTGRES")
    return _postgres_database(server, "rush") if server else f"sqlite:///{tmp_path / 'rush.db'}"


def test_two_processes_of_fifty_buy_the_same_two_hundred(tmp_path, url):
    database = open_shop(url, tmp_path, things=200, buyers={1: 50, 2: 50})
    crowd = [shoppers(url, tmp_path, 50, 360, seed) for seed in (1, 2)]
    said = [one.communicate(timeout=600) for one in crowd]
    assert [one.returncode for one in crowd] == [0, 0], said
    told = [json.loads(out.splitlines()[-1])["told"] for out, _ in said]
    found = check_invariants(database)
    database.engine.dispose()
    assert found["sold"] == sum(one["bought"] for one in told) > 190, (found, told)
    faults = {word for one in told for word in one} - {"bought", "taken", "not_in_this_state", "not_found", "busy", "reserved_many"}
    assert not faults, told
    assert sum(one.get("taken", 0) + one.get("not_in_this_state", 0) for one in told) > 1000, "they met at the same shelf"


@pytest.mark.soak
def test_killed_in_the_middle_nothing_is_half_done(tmp_path, url):
    database = open_shop(url, tmp_path, things=60 if not SOAKING else 600, buyers={seed: 4 for seed in range(KILLS)})
    drawn, sold = random.Random(7), []
    for seed in range(KILLS):
        process = shoppers(url, tmp_path, 4, 60, seed)
        assert process.stdout is not None and process.stdout.readline().strip() == "ready"
        time.sleep(1 + 2 * drawn.random())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        sold.append(check_invariants(database)["sold"])
    database.engine.dispose()
    assert sold == sorted(sold) and sold[-1] > 0, "each went on where the one before had died"
