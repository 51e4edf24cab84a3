"""The read-only questions to one device, each with a time limit, and exactly what was answered."""

import hashlib
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.i18n import N_
from privacy.evidence.readers.station_shape import MOST_OUTPUT
from privacy.station.faults import Unusable

LIMIT = 60  # seconds for one question; a sleeping disk needs ten to wake
_SBIN = "/usr/sbin:/sbin:/usr/local/sbin"
_NVME = re.compile(r"/dev/nvme[0-9]{1,4}n[0-9]{1,4}")
_ATA_LIKE = re.compile(r"/dev/sd[a-z]{1,4}")

# name, words before the device; none of these writes to a device
_EVERY: tuple[tuple[str, tuple[str, ...]], ...] = (("smartctl", ("smartctl", "-x", "-j")),)
_ATA = (
    ("hdparm-identity", ("hdparm", "-I")),
    ("hdparm-native", ("hdparm", "-N")),
    ("hdparm-sanitize", ("hdparm", "--sanitize-status")),
)
_NVMES = (
    ("nvme-id-ctrl", ("nvme", "id-ctrl", "-o", "json")),
    ("nvme-id-ns", ("nvme", "id-ns", "-o", "json")),
    ("nvme-sanitize-log", ("nvme", "sanitize-log", "-o", "json")),
    ("nvme-smart-log", ("nvme", "smart-log", "-o", "json")),
)
_VERSIONS = (("smartctl", "-V"), ("hdparm", "-V"), ("nvme", "version"))


@dataclass(frozen=True, slots=True)
class Answer:
    """`exit` is None if the time was up. `cut`: more came than is kept."""

    name: str
    argv: tuple[str, ...]
    exit: int | None
    stdout: bytes
    stderr: bytes
    cut: bool = False

    def as_json(self) -> dict[str, object]:
        encoding, text = _text(self.stdout)
        return {
            "name": self.name,
            "argv": list(self.argv),
            "exit": self.exit,
            "encoding": encoding,
            "stdout": text,
            "stderr": self.stderr.decode("utf-8", "replace"),
            "sha256": hashlib.sha256(self.stdout).hexdigest(),
            "cut": self.cut,
        }


Run = Callable[[Sequence[str]], tuple[int | None, bytes, bytes]]


def _text(raw: bytes) -> tuple[str, str]:
    """Every byte kept: a drive's model may be no UTF-8."""
    try:
        return "utf-8", raw.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1", raw.decode("latin-1")


def run(argv: Sequence[str]) -> tuple[int | None, bytes, bytes]:
    """One program, without a shell and without input; (None, ...) if it took longer than LIMIT."""
    try:
        # fixed words and a checked device node
        done = subprocess.run(list(argv), stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, env=_surroundings())  # noqa: S603
    except subprocess.TimeoutExpired as late:
        return None, late.stdout or b"", late.stderr or b""
    except OSError as problem:
        return 127, b"", str(problem).encode("utf-8", "replace")
    return done.returncode, done.stdout, done.stderr


def _surroundings() -> dict[str, str]:
    return {"LC_ALL": "C", "PATH": _path()}


def _path() -> str:
    return f"{os.environ.get('PATH', '/usr/bin:/bin')}:{_SBIN}"


def device_size(node: str, sysfs: Path = Path("/sys/class/block")) -> int | None:
    """Bytes as the kernel counts them (its blocks are always 512 bytes), None if it doesn't say."""
    try:
        return int((sysfs / Path(node).name / "size").read_text()) * 512
    except (OSError, ValueError):
        return None


def check_device(text: str, sysfs: Path = Path("/sys/class/block")) -> str:
    """The device's own node, links followed. Raises Unusable for what isn't a whole block device."""
    path = Path(text)
    try:
        node = path.resolve(strict=True)
        is_block = stat.S_ISBLK(node.stat().st_mode)
    except (OSError, RuntimeError) as problem:
        raise Unusable("no_device", N_("There is no device %(device)s."), values={"device": repr(text)}) from problem
    if not is_block or not str(node).startswith("/dev/"):
        raise Unusable("not_a_device", N_("%(device)s is no block device."), values={"device": repr(text)})
    if (sysfs / node.name / "partition").exists():
        raise Unusable("partition", N_("%(device)s is a partition: name the whole device."), values={"device": repr(text)})
    return str(node)


def questions(node: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What this kind of device can be asked."""
    if _NVME.fullmatch(node):
        return (*_EVERY, *_NVMES)
    return (*_EVERY, *_ATA) if _ATA_LIKE.fullmatch(node) else _EVERY


def ask(node: str, run: Run = run) -> Iterator[Answer]:
    """Put every question for which the program is there."""
    for name, words in questions(node):
        if shutil.which(words[0], path=_path()):
            status, stdout, stderr = run([*words, node])
            cut = len(stdout) > MOST_OUTPUT
            yield Answer(name, (*words, node), status, stdout[:MOST_OUTPUT], stderr[:8192], cut)


def versions(run: Run = run) -> dict[str, str]:
    """The first line in which each program names itself; what isn't installed is left out."""
    found = {}
    for program, word in _VERSIONS:
        if shutil.which(program, path=_path()):
            _, stdout, stderr = run([program, word])
            lines = (stdout or stderr).decode("utf-8", "replace").strip().splitlines()
            found[program] = lines[0][:120] if lines else ""
    return found
