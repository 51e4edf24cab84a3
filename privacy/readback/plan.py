"""Which bytes of a medium are read: all of them, or blocks that nobody could foresee but everybody can work out again.

Pure. All offsets and sizes are bytes; a block has 4096."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BLOCK = 4096
PIECE = 16 * 1024 * 1024  # what is scanned and noted in one go
SAMPLED = 512  # blocks of a sample that make a piece
MOST_SAMPLED = 20_000_000  # more than this and a full read is the better idea
# The backup GPT takes the last 33 sectors: 16.5 KiB of 512-byte sectors, 20 KiB (header and entries) of 4096-byte ones.
# RAID, LVM and makers' own notes stand there too.
END_BLOCKS = 8
AT_1_MIB = 256


def block_at(seed: bytes, i: int, n: int) -> int:
    """Return the number of the i-th sampled block: HMAC-SHA256(seed, i as 8 bytes big-endian) mod n."""
    import hmac

    return int.from_bytes(hmac.digest(seed, i.to_bytes(8, "big"), "sha256"), "big") % n


def sampled_blocks(seed: bytes, k: int, n: int) -> set[int]:
    """The k drawn blocks; one that is drawn twice isn't replaced, so there may be fewer."""
    import hashlib
    import hmac

    # hmac.digest prepares the key each time; a copy of the prepared one is half the work
    prepared, found = hmac.new(seed, digestmod=hashlib.sha256), set()
    for i in range(k if n else 0):
        one = prepared.copy()
        one.update(i.to_bytes(8, "big"))
        found.add(int.from_bytes(one.digest(), "big") % n)
    return found


def fixed_blocks(size: int) -> set[int]:
    """Blocks that are always read: first, 1 MiB, the end with the backup GPT, last, and the shorter tail."""
    n, tail = divmod(size, BLOCK)
    found = {0, AT_1_MIB} | set(range(n - END_BLOCKS, n))
    return {one for one in found if 0 <= one < n} | ({n} if tail else set())


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read. `blocks` is None for a full read, else the blocks of the sample, ascending and without repeats."""

    size: int
    seed: bytes = b""
    k: int = 0
    drawn: int = 0
    blocks: Sequence[int] | None = None

    @property
    def n(self) -> int:
        return self.size // BLOCK

    @property
    def total(self) -> int:
        """How many blocks will be read, the tail included."""
        return -(-self.size // BLOCK) if self.blocks is None else len(self.blocks)

    @property
    def pieces(self) -> int:
        if self.blocks is None:
            return -(-self.size // PIECE)
        return -(-len(self.blocks) // SAMPLED)

    def extents(self, piece: int) -> Iterator[tuple[int, int]]:
        """(from, until) of everything in a piece, ascending; neighbouring blocks of a sample are joined."""
        if self.blocks is None:
            yield piece * PIECE, min((piece + 1) * PIECE, self.size)
            return
        begin = end = -1
        for block in self.blocks[piece * SAMPLED : (piece + 1) * SAMPLED]:
            if block != end:
                if end > begin:
                    yield begin * BLOCK, min(end * BLOCK, self.size)
                begin = block
            end = block + 1
        yield begin * BLOCK, min(end * BLOCK, self.size)


def full(size: int) -> Plan:
    return Plan(size)


def sample(size: int, k: int, seed: bytes) -> Plan:
    drawn = sampled_blocks(seed, k, size // BLOCK)
    return Plan(size, seed, k, len(drawn), sorted(drawn | fixed_blocks(size)))
