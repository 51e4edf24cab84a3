"""One read-back from beginning to end: open, plan, scan, note, conclude, sign."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.i18n import N_
from privacy.readback.faults import Unusable
from privacy.readback.medium import Medium, opened
from privacy.readback.plan import Plan, full, sample
from privacy.readback.scan import Found, Scanner
from privacy.readback.workers import Scan, how_many, scanned

if TYPE_CHECKING:
    from core.signing import SigningKey
    from privacy.readback.keystream import Keystream
    from privacy.readback.state import Progress, StateFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`k` None: read everything. `workers` None: as many as fit. A pattern key means that its keystream is expected."""

    path: str
    seed: bytes = b""
    k: int | None = None
    expect: str | None = None
    pattern_key: Path | None = None
    key: "SigningKey | None" = None
    resume: Path | None = None
    serial: str | None = None
    challenge: str | None = None
    workers: int | None = None
    progress: bool = False


def read_back(options: Options) -> dict[str, Any]:
    """The signed result as a JSON value. Raises Unusable; KeyboardInterrupt after the note for --resume is written."""
    keystream = _keystream(options.pattern_key)
    with opened(options.path) as medium:
        plan = full(medium.size) if options.k is None else sample(medium.size, options.k, options.seed)
        state = _state(options, medium, keystream)
        before = state.load() if state else None

        def make() -> Scan:
            scanner = Scanner(medium, keystream)
            return lambda piece: scanner.scan(plan.extents(piece))

        workers = options.workers or how_many(medium.size, medium.rotational, plan.blocks is not None)
        found = scanned(make, before.piece if before else 0, plan.pieces, workers)
        # they are reading already; what concludes is loaded meanwhile
        from core import clock
        from privacy.readback.result import Asked, Times, result, signed
        from privacy.readback.state import Progress
        from privacy.readback.tally import Tally

        progress = before or Progress(Tally(medium.size), clock.now().isoformat())
        _follow(found, plan, progress, state, _Bar(plan.pieces) if options.progress else None)
        finished = clock.now().isoformat()
    expect = options.expect or ("keystream" if keystream else None)
    asked = Asked(
        expect=expect, serial=options.serial, challenge=options.challenge, pattern_key=keystream.id if keystream else None
    )
    times = Times(started=progress.started, finished=finished, resumed=progress.resumed)
    value = signed(result(medium, plan, progress.tally, asked, times), options.key)
    if state:
        state.remove()
    return value


def _keystream(path: Path | None) -> "Keystream | None":
    if path is None:
        return None
    from privacy.readback.keystream import read_key

    try:
        return read_key(path)
    except (OSError, ValueError) as problem:
        sentence = N_("%(file)s is no pattern key: 32 bytes or 64 hex digits.")
        raise Unusable("no_pattern_key", sentence, values={"file": repr(str(path))}) from problem


def _follow(found: Iterator[Found], plan: Plan, progress: "Progress", state: "StateFile | None", bar: "_Bar | None") -> None:
    """Add up piece after piece; what was added up is on disk when somebody breaks it off."""
    try:
        for piece in found:
            progress.tally.add(piece)
            progress.piece += 1
            if state:
                state.save_now_and_then(progress)
            if bar:
                bar.show(progress)
    except KeyboardInterrupt:
        if state:
            state.save(progress)
        raise
    finally:
        if bar:
            bar.end()


def _state(options: Options, medium: Medium, keystream: "Keystream | None") -> "StateFile | None":
    if options.resume is None:
        return None
    from core import canonical
    from privacy.readback.state import StateFile

    about = {
        "medium": [str(one) for one in medium.fingerprint], "seed": options.seed.hex(), "k": options.k, "expect": options.expect,
        "pattern_key": keystream.id if keystream else None, "serial": options.serial, "challenge": options.challenge,
        "identity": [medium.identity.serial, medium.identity.wwid] if medium.identity else None,
    }  # fmt: skip
    return StateFile(options.resume, canonical.digest(about), options.key)


class _Bar:
    """A line on the terminal that is written anew."""

    def __init__(self, pieces: int) -> None:
        self.pieces, self.shown = pieces, -1

    def show(self, progress: "Progress") -> None:
        share = 100 * progress.piece // max(1, self.pieces)
        if share != self.shown:
            self.shown = share
            done = share // 4
            bad = f"  ! {progress.tally.bad_total}" if progress.tally.bad_total else ""
            sys.stderr.write(f"\r[{'#' * done}{'.' * (25 - done)}] {share:3d} %{bad}")
            sys.stderr.flush()

    def end(self) -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
