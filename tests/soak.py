"""How many cases the property tests try: everyday a few, in `make soak` many; and what `make soak` runs and says.

`settings(max_examples=soak(600))` tries 600 in a soak and a tenth, at most 200, on other days. Tests without settings of their own
take the profile's number; on PostgreSQL a third: each case says the same statements again; tests with `@pytest.mark.soak` look at SOAKING themselves. The profile follows the environment: XUNSHI_SOAK=1 is "soak",
XUNSHI_QUICK (`make quick`) is "quick" with a fifth or fewer of the other days' cases, CI is "ci", else "everyday"."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
MOST_EVERYDAY = 200
MOST_QUICK = 20
CASES = 5_000  # of a test that doesn't say how many it wants


def profile(environ: Mapping[str, str] = os.environ) -> str:
    if environ.get("XUNSHI_SOAK"):
        return "soak"
    if environ.get("XUNSHI_QUICK"):
        return "quick"
    return "ci" if environ.get("CI") else "everyday"


def soak(cases: int, environ: Mapping[str, str] = os.environ) -> int:
    """So many cases in a soak; a tenth of them, at most MOST_EVERYDAY, on other days; in a hurry at most MOST_QUICK."""
    most = MOST_QUICK if profile(environ) == "quick" else MOST_EVERYDAY
    return cases if profile(environ) == "soak" else max(1, max(1, min(cases // 10, most)) // _share(environ))


def _share(environ: Mapping[str, str] = os.environ) -> int:
    return 3 if environ.get("XUNSHI_TEST_POSTGRES") else 1


SOAKING = profile() == "soak"


def told_in(*cases: object) -> list[object]:
    """Long journeys are walked as the first of these cases says; in a soak as all of them say. Every page is seen in both languages
    by the walk of every page all the same."""
    return list(cases if SOAKING else cases[:1])


def load_profile() -> None:
    """Called once by tests/conftest.py, before any test is read."""
    settings.register_profile("everyday", max_examples=100 // _share(), deadline=None)
    settings.register_profile("quick", max_examples=MOST_QUICK, deadline=None)
    # the same cases on each run, and how to repeat one that failed
    settings.register_profile("ci", max_examples=100 // _share(), derandomize=True, deadline=None, print_blob=True)
    patient = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    settings.register_profile("soak", max_examples=CASES, deadline=None, print_blob=True, suppress_health_check=patient)
    settings.load_profile(profile())


_TEST = re.compile(r"^(tests/\S+?\.py::\S+?):$", re.M)
_TRIED = re.compile(r"- (\d+) passing\b")
_SECONDS = re.compile(r"phase \(([\d.]+) seconds\)")


def tried(said: str) -> dict[str, tuple[int, float]]:
    """Cases that passed and seconds of each test, out of what `--hypothesis-show-statistics` prints."""
    parts = _TEST.split(said)[1:]
    return {
        name: (sum(map(int, _TRIED.findall(told))), sum(map(float, _SECONDS.findall(told))))
        for name, told in zip(parts[::2], parts[1::2], strict=True)
    }


def fuzzed(report: str) -> list[str]:
    """What each fuzz test says of itself, out of pytest's own report in XML."""
    return [one.get("value", "") for one in ElementTree.fromstring(report).iter("property") if one.get("name") == "fuzzed"]


def main(arguments: list[str]) -> int:
    """Every property test, with many cases, and 200,000 damaged files for each evidence reader, on both cores; then what was run
    and how long it took."""
    began = time.monotonic()
    options = ["-n", "2", "-m", "hypothesis or soak", "--hypothesis-show-statistics", "--durations=5"]
    print("Many cases of every property test and 200,000 files for each evidence reader; an hour or two on two quiet cores ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", *options, f"--junitxml={report}", *(arguments or ["tests"])]
        run = subprocess.run(command, cwd=ROOT, env={**os.environ, "XUNSHI_SOAK": "1"}, check=False, capture_output=True, text=True)
        for line in fuzzed(report.read_text(encoding="utf-8")) if report.exists() else ():
            print(line)
    found = tried(run.stdout)
    for name, (cases, seconds) in sorted(found.items(), key=lambda one: -one[1][1]):
        print(f"{seconds:7.1f} s  {cases:7d} cases  {name}")
    if run.returncode:
        print(run.stdout + run.stderr)
    cases = sum(cases for cases, _ in found.values())
    passed = re.search(r"(\d+) passed", run.stdout)
    verdict = "none failed" if run.returncode == 0 else "SOME FAILED"
    print(
        f"make soak: {passed[1] if passed else 0} tests passed, {len(found)} of them tried {cases} cases, "
        f"{time.monotonic() - began:.0f} s, {verdict}"
    )
    return run.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
