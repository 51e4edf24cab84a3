"""A real server with demo people, started as a person would start it, and a real browser."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.harness.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
FLASK = Path(sys.executable).with_name("flask")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def its_own(folder: Path) -> dict[str, str]:
    """Where a market lives, for its server and for commands beside it."""
    found = {**os.environ, "XUNSHI_DATA": str(folder), "PORT": str(free_ports())}
    found.pop("DATABASE_URL", None)
    return found


@contextmanager
def running(environ: dict[str, str]) -> Iterator[str]:
    """A market with fresh demo data and the stand-in beside it, as `make run` starts it; gives its address."""
    log = Path(environ["XUNSHI_DATA"], "serve.log")
    with log.open("wb") as out:
        server = subprocess.Popen([FLASK, "start"], cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{environ['PORT']}"
    try:
        wait_for(address + "/healthz", server, log, 180)
        yield address
        said = log.read_text(encoding="utf-8")
        assert "Traceback" not in said, said[said.index("Traceback") :][:6000]
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of the market that these journeys share."""
    return its_own(tmp_path_factory.mktemp("market"))


@pytest.fixture(scope="session")
def market(environ: dict[str, str]) -> Iterator[str]:
    """The address of the market that these journeys share: each makes for itself what it needs, or takes `running` for a market of its own."""
    with running(environ) as address:
        yield address


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path, seconds: int = 60) -> None:
    for _ in range(seconds * 5):
        if server.poll() is not None:
            raise RuntimeError(log.read_text(encoding="utf-8"))
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer in time")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's chromium, headless; a skip that says why where there is none."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("Debian's chromium is not installed: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Any, market: str) -> Iterator[Callable[..., Any]]:
    """`open_browser(language, width)` gives a page of a browser of its own, with nothing in its pockets.

    Any console error or failed script fails the journey at its end."""
    contexts, faults = [], []

    def make(language: str, width: int) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale="zh-CN" if language == "zh" else "en", base_url=market
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda m: m.type == "error" and "status of 4" not in m.text and faults.append(m.text))
        page.on("dialog", lambda dialog: dialog.accept())
        contexts.append(context)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults
