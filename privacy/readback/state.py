"""A scan that was broken off: written down every second, taken up again by `--resume`.

The file names the medium and the options by a digest; with a station's key it is signed, so that nobody can write
into it that blocks were read."""

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.i18n import N_
from privacy.readback.faults import Unusable
from privacy.readback.tally import Tally, from_state

if TYPE_CHECKING:
    from core.signing import SigningKey

KIND, VERSION, EVERY = "xunshi_readback_state", 1, 1.0
LARGEST = 64 * 1024 * 1024


@dataclass(slots=True)
class Progress:
    """`piece` is the next one to read; `started` the first start, as text; `resumed` how often it was taken up."""

    tally: Tally
    started: str
    piece: int = 0
    resumed: int = 0


@dataclass(slots=True)
class StateFile:
    path: Path
    digest: str
    key: "SigningKey | None" = None
    _next: float = field(default_factory=lambda: time.monotonic() + EVERY)

    def save_now_and_then(self, progress: Progress) -> None:
        if time.monotonic() >= self._next:
            self.save(progress)
            self._next = time.monotonic() + EVERY

    def save(self, progress: Progress) -> None:
        """All or nothing, also when the power fails. Raises Unusable when it can't be written."""
        body = {
            "kind": KIND, "version": VERSION, "digest": self.digest, "piece": progress.piece, "started": progress.started,
            "resumed": progress.resumed, "tally": progress.tally.to_state(),
        }  # fmt: skip
        half_done = self.path.with_name(self.path.name + ".part")
        try:
            with half_done.open("wb") as file:
                file.write(json.dumps(body | {"signature": self._sign(body)}).encode())
                file.flush()
                os.fsync(file.fileno())
            half_done.replace(self.path)
        except OSError as problem:
            raise Unusable("not_written", N_("%(file)s can't be written."), values={"file": repr(str(self.path))}) from problem

    def load(self) -> Progress | None:
        """What was written last, None if there is no such file. Raises Unusable if it belongs to another scan."""
        if not self.path.exists():
            return None
        try:
            with self.path.open("rb") as file:
                state = json.loads(file.read(LARGEST))
            signature = state.pop("signature")
            ours = (state["kind"], state["version"], state["digest"]) == (KIND, VERSION, self.digest)
            found = Progress(from_state(state["tally"]), str(state["started"]), int(state["piece"]), int(state["resumed"]) + 1)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise self._refusal("bad_state", N_("%(file)s is not the note of a scan that was broken off.")) from problem
        if not ours:
            raise self._refusal("other_state", N_("%(file)s belongs to another medium or other options."))
        if self.key and not self._holds(state, signature):
            raise self._refusal("unsigned_state", N_("%(file)s was not signed with this key: begin anew without it."))
        return found

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def _refusal(self, code: str, sentence: str) -> Unusable:
        return Unusable(code, sentence, values={"file": repr(str(self.path))})

    def _sign(self, body: dict[str, Any]) -> str | None:
        if self.key is None:
            return None
        from core import signing

        return signing.sign(self.key, _bytes(body)).value_b64

    def _holds(self, body: dict[str, Any], signature: object) -> bool:
        from core import signing

        assert self.key is not None
        claimed = signing.Signature(signing.ALGORITHM, self.key.key_id, str(signature))
        return signing.verify({self.key.key_id: self.key.public}, _bytes(body), claimed) is True


def _bytes(body: dict[str, Any]) -> bytes:
    from core import canonical

    return b"xunshi readback state v1\n" + canonical.encode(body)


