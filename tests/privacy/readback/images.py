"""Small images and how the command is called, for the tests of read-back."""

import json
import random
from pathlib import Path
from typing import Any

from privacy.readback.run import Options, read_back

BLOCK, MIB = 4096, 1024 * 1024
TEXT = b"From: alice@example.com\r\nSubject: the flat in Hangzhou\r\n\r\nDear Bob, the keys are under the pot.\r\n"


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def image(folder: Path, data: bytes, name: str = "image") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def planted(data: bytes, at: int, what: bytes) -> bytes:
    return data[:at] + what + data[at + len(what) :]


def read(path: Path, **options: Any) -> dict[str, Any]:
    return read_back(Options(path=str(path), **{"workers": 1, **options}))


def offsets(value: dict[str, Any]) -> list[int]:
    return [hit["offset"] for hit in value["hits"]]


def kinds(value: dict[str, Any]) -> set[str]:
    return {hit["kind"] for hit in value["hits"]}


def raw_of(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000400000004008060000") + b"\0" * 4
JPEG = bytes.fromhex("ffd8ffe000104a46494600010101006000600000ffdb004300")
