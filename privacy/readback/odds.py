"""What reading some blocks of a medium proves about the others. Pure; chances are rounded down, never up.

Sources: hypergeometric distribution (drawing without putting back); for one contiguous residue the chance that a probe
of one block meets it, k times."""

import math
from decimal import ROUND_FLOOR, Decimal

FRACTION = "0.001"
SURE = "0.99"
_PLACES = Decimal("0.000001")
_SURE, _ALMOST = "1.000000", "0.999999"  # sure only if there aren't enough unread blocks left


def miss_scattered(n: int, dirty: int, read: int) -> float:
    """The chance that `read` different random blocks of n show none of the `dirty` ones: C(n-dirty, read) / C(n, read)."""
    few, many = sorted((dirty, read))
    if few + many > n:
        return 0.0
    logarithm = 0.0
    for i in range(few):
        logarithm += math.log1p(-many / (n - i))
        if logarithm < -60:  # below 1e-26: nothing that six places could show
            return 0.0
    return math.exp(logarithm)


def found_scattered(n: int, dirty: int, read: int) -> str:
    """The chance to see at least one of `dirty` scattered blocks, six places, rounded down."""
    if not n or not dirty:
        return "0.000000"
    if dirty + read > n:
        return _SURE
    return min(_down(1 - miss_scattered(n, dirty, read)), _ALMOST)


def dirty_blocks(n: int, fraction: str = FRACTION) -> int:
    """How many blocks a fraction of the medium is, at least one."""
    return max(1, math.ceil(n * Decimal(fraction)))


def found_run(n: int, run: int, k: int, u: int = 1) -> float:
    """The chance that k probes of u blocks meet one contiguous residue of `run` blocks: 1 - (1 - (run + u - 1) / n)^k."""
    met = min(1.0, (run + u - 1) / n)
    return 1.0 if met >= 1 else -math.expm1(k * math.log1p(-met))


def smallest_run(n: int, k: int, sure: str = SURE) -> int | None:
    """The fewest contiguous blocks that k probes of one block find with this chance; None without probes."""
    if not n or not k:
        return None
    run = math.ceil(n * -math.expm1(math.log1p(-float(sure)) / k))
    run = min(max(run, 1), n)
    while run < n and found_run(n, run, k) < float(sure):  # the last digit of a float
        run += 1
    while run > 1 and found_run(n, run - 1, k) >= float(sure):
        run -= 1
    return run


def probes_needed(fraction: str, sure: str) -> int:
    """How many random blocks find a scattered fraction with this chance, on a large medium: 1 - (1 - f)^k >= P."""
    return math.ceil(math.log1p(-float(sure)) / math.log1p(-float(fraction)))


def _down(chance: float) -> str:
    # a float carries about 1e-13 of what was added up; take that off before rounding down
    exact = Decimal(chance) - (0 if chance in (0.0, 1.0) else Decimal("1e-12"))
    return str(max(Decimal(0), exact).quantize(_PLACES, ROUND_FLOOR))
