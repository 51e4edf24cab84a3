"""How long may it take, on a machine that may be busy with other things? In proportion to a fixed piece of work done just then."""

import re
import statistics
import time
from typing import Final

# what `_work` takes of a process's time on two quiet cores of the machine that the limits were set on, in seconds
QUIET: Final = 0.016
_WORDS = re.compile(r"(\w+): (\d+)")


def _work() -> int:
    text = "\n".join(f"label{n % 97}: {n}" for n in range(20_000))
    return sum(int(found[2]) for line in text.splitlines() if (found := _WORDS.match(line)))


def slowness() -> float:
    """How many times as slow as those two quiet cores this machine is now, at least 1."""
    times = []
    for _ in range(5):
        begun = time.process_time()
        _work()
        times.append(time.process_time() - begun)
    return max(1.0, statistics.median(times) / QUIET)


def soon(begun: float, seconds: float) -> bool:
    """Has this process used at most so many seconds since `begun` (of time.process_time), as a quiet machine counts them?"""
    spent = time.process_time() - begun
    return spent < seconds or spent < seconds * slowness()
