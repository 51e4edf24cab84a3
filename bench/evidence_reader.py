"""How fast evidence is read: our readers against merely decoding the file and splitting it into lines, or json.loads, in
turns, in one run.

Run: python bench/evidence_reader.py [--rounds 5] [--only NAME]. One JSON line per figure: name, value, unit, baseline, ratio
(our speed divided by the baseline's; the baseline understands nothing, so it is an upper bound and no rival). Of nwipe
three logs of about 10 MB: one wipe of many days with its progress lines, many runs appended to one file, and one run of many
disks. Of each other tool about 1 MB: text its answers up to 200 times in one file, JSON one answer as it comes, read again and
again, since nobody has larger ones. All are grown from the files of tests/fixtures/wipe; the best of all rounds counts.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from privacy.evidence.readers import read

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "wipe"
SIZE = 10_000_000  # bytes
LINES = "decode as UTF-8 and splitlines of the same bytes"
LOADS = "json.loads of the same bytes"
ANSWERS = {
    "nvme_text": "synthetic-nvme-block.txt",
    "nvme_id_text": "nvme-id-ctrl.txt",
    "hdparm": "synthetic-hdparm-block-erased.txt",
    "openseachest": "synthetic-seachest-block.txt",
    "manage_bde": "synthetic-bde-on.txt",
    "nvme_json": "synthetic-nvme-nested-block.json",
    "smartctl": "smartctl-hdd.json",
    "station": "station-hdd-wiped.json",
}


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


def many_answers(name: str) -> tuple[bytes, int]:
    """A file of the tool's, and how often it is to be read."""
    raw = (FOLDER / "answers" / name).read_bytes()
    many = max(1, 1_000_000 // len(raw))
    return (raw, many) if name.endswith(".json") else (raw * min(many, 200), max(1, many // 200))


def repeated(work: Callable[[bytes], object], raw: bytes, times: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(times):
            work(raw)

    return run


def best(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    for make in (long_wipe, many_runs, many_passes):
        if asked.only in make.__name__:
            measure(make.__name__, make(), 1, asked.rounds)
    for name, file in ANSWERS.items():
        if asked.only in name:
            measure(name, *many_answers(file), asked.rounds)


def measure(name: str, raw: bytes, times: int, rounds: int) -> None:
    """Print one figure."""
    is_json = raw[:1] == b"{"
    plainly: Callable[[bytes], object] = json.loads if is_json else lambda one: one.decode("utf-8").splitlines()
    ours, plain = [], []
    for _ in range(rounds):
        plain.append(best(repeated(plainly, raw, times)))
        ours.append(best(repeated(read, raw, times)))
    amount = len(raw) * times / 1e6
    speed, base = amount / min(ours), amount / min(plain)
    figure = {"name": f"evidence_reader.{name}", "value": round(speed, 2), "unit": "MB/s", "ratio": round(speed / base, 4)}
    print(json.dumps({**figure, "baseline": LOADS if is_json else LINES}), flush=True)


if __name__ == "__main__":
    main()
