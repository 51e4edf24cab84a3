"""How fast a full read-back with its map of sectors is: the whole command against `dd bs=1M` of the same image, in turns.

Run: python bench/readback.py [--rounds 7] [--size-mib 4096] [--folder DIR]. One JSON line per figure: name, value, unit,
baseline, ratio (our time divided by the baseline's, both whole processes; at most 1.1 is the goal for zeros), load (of the
machine, before and after). The image is written once and read once, so both find it in the page cache; the best of all
rounds counts, the median stands beside it.
Zeros, zeros with 500 single bytes planted (all must be found), the keystream of a job, random bytes (a smaller image).
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from privacy.readback.keystream import Keystream

MIB = 1024 * 1024
PLANTED = 500
ROOT = Path(__file__).resolve().parent.parent


def seconds(command: list[str], codes: tuple[int, ...] = (0,)) -> float:
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    took = time.perf_counter() - begun
    if done.returncode not in codes:
        raise SystemExit(f"{command} ended with {done.returncode}")
    return took


def zeros(path: Path, mib: int) -> None:
    with path.open("wb") as file:
        for _ in range(mib):
            file.write(bytes(MIB))


def plant(path: Path, mib: int) -> set[int]:
    """Single odd bytes anywhere; the blocks they stand in."""
    places = random.Random(20261122).sample(range(mib * MIB), PLANTED)
    with path.open("r+b") as file:
        for place in places:
            file.seek(place)
            file.write(b"\x01")
    return {place // 4096 * 4096 for place in places}


def keyed(path: Path, mib: int, key: Path) -> None:
    key.write_bytes(b"k" * 32)
    stream = Keystream(b"k" * 32)
    with path.open("wb") as file:
        for at in range(0, mib * MIB, MIB):
            file.write(stream.at(at, MIB))


def noise(path: Path, mib: int) -> None:
    with path.open("wb") as file:
        for _ in range(mib):
            file.write(os.urandom(MIB))


def compare(name: str, path: Path, rounds: int, *more: str, codes: tuple[int, ...] = (0,)) -> None:
    ours = [sys.executable, "-m", "privacy.readback", str(path), "--full", "--json", *more]
    theirs = ["dd", f"if={path}", "of=/dev/null", "bs=1M"]
    before, mine, plain = os.getloadavg()[0], [], []
    for _ in range(rounds):
        plain.append(seconds(theirs))
        mine.append(seconds(ours, codes))
    size = path.stat().st_size
    figure = {
        "name": f"readback.{name}", "value": round(size / 1e9 / min(mine), 2), "unit": "GB/s",
        "baseline": "dd bs=1M of the same image to /dev/null", "ratio": round(min(mine) / min(plain), 3),
        "ratio_median": round(median(mine) / median(plain), 3), "seconds": round(min(mine), 3), "size": size,
        "load": [round(before, 2), round(os.getloadavg()[0], 2)],
    }  # fmt: skip
    print(json.dumps(figure), flush=True)


def found(path: Path, planted: set[int]) -> None:
    ours = [sys.executable, "-m", "privacy.readback", str(path), "--full", "--json"]
    value = json.loads(subprocess.run(ours, cwd=ROOT, capture_output=True, check=False).stdout)
    hit = {one["offset"] for one in value["hits"]}
    count = len(hit & planted)
    figure = {"name": "readback.planted_found", "value": count, "unit": "blocks", "baseline": f"{len(planted)} blocks planted"}
    print(json.dumps({**figure, "ratio": count / len(planted)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size-mib", type=int, default=4096)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        image, key = Path(folder) / "image", Path(folder) / "key"
        zeros(image, asked.size_mib)
        compare("zeros", image, asked.rounds)
        planted = plant(image, asked.size_mib)
        compare("zeros_500_planted", image, asked.rounds, codes=(1,))
        found(image, planted)
        keyed(image, asked.size_mib, key)
        compare("keystream", image, max(1, asked.rounds // 2), "--pattern-key", str(key))
        noise(image, max(1, asked.size_mib // 16))
        compare("random", image, 1)


if __name__ == "__main__":
    main()
