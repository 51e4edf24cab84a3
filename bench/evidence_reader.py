"""How fast a wipe tool's log is read: our reader against merely decoding the file and splitting it into lines, in
turns, in one run.

Run: python bench/evidence_reader.py [--rounds 5]. One JSON line per figure: name, value, unit, baseline, ratio (our
speed divided by the baseline's; the baseline understands nothing, so it is an upper bound and no rival). Three logs of
about 10 MB: one wipe of many days with its progress lines, many runs appended to one file, and one run of many disks.
All are grown from a genuine log of tests/fixtures/wipe; the best of all rounds counts.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from privacy.evidence.readers import read

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "wipe"
SIZE = 10_000_000  # bytes
BASELINE = "decode as UTF-8 and splitlines of the same bytes"


def long_wipe() -> bytes:
    """One disk; the tool reports its progress again and again."""
    lines = (FOLDER / "nwipe-0.42-hdd-dodshort.log").read_bytes().split(b"\n")
    at = next(at for at, line in enumerate(lines) if b"Starting pass 1/3" in line)
    stamp = lines[at][:22]
    progress = stamp + b"   info: /dev/sda: 12.34%, round 1 of 1, pass 1 of 3, eta 00:00:10, [writing]"
    return b"\n".join([*lines[: at + 1], *([progress] * (SIZE // len(progress))), *lines[at + 1 :]])


def many_runs() -> bytes:
    """The same log file used for a thousand disks, one after another."""
    run = (FOLDER / "nwipe-0.42-hdd-dodshort.log").read_bytes()
    return run * (SIZE // len(run))


def many_passes() -> bytes:
    """One run of the longest method over hundreds of disks at once: every line matters."""
    lines = (FOLDER / "nwipe-0.34-hdd-gutmann.log").read_bytes().split(b"\n")
    node = next(line for line in lines if b"Invoking" in line).rsplit(b" ", 1)[1]
    own = [line for line in lines if node in line]
    begin, end = next(at for at, line in enumerate(lines) if b"Invoking" in line), lines.index(b"")
    copies = [line.replace(node, b"/dev/x%d" % at) for at in range(SIZE // sum(map(len, own))) for line in own]
    return b"\n".join([*lines[:begin], *copies, *lines[end:]])


def best(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    for make in (long_wipe, many_runs, many_passes):
        raw = make()
        ours, plain = [], []
        for _ in range(rounds):
            plain.append(best(lambda raw=raw: raw.decode("utf-8").splitlines()))  # type: ignore[misc]
            ours.append(best(lambda raw=raw: read(raw)))  # type: ignore[misc]
        speed, base = len(raw) / 1e6 / min(ours), len(raw) / 1e6 / min(plain)
        name = f"evidence_reader.{make.__name__}"
        figure = {"name": name, "value": round(speed, 2), "unit": "MB/s", "baseline": BASELINE}
        print(json.dumps({**figure, "ratio": round(speed / base, 4)}), flush=True)


if __name__ == "__main__":
    main()
