"""A second reader and writer of the house's archive: a gzipped tar read by hand (POSIX ustar/pax), without `tarfile`."""

import gzip
import hashlib
import io
import json
import sqlite3
import tarfile
from pathlib import Path
from typing import Any

Members = dict[str, bytes]


def members(archive: bytes) -> Members:
    """Name to content of every regular file, from 512-byte headers; anything else is an error."""
    plain = gzip.decompress(archive)
    found: Members = {}
    at, longer = 0, {}
    while plain[at : at + 512].strip(b"\0"):
        head = plain[at : at + 512]
        _checksum(head)
        size = int(head[124:136].rstrip(b"\0 ") or b"0", 8)
        body = plain[at + 512 : at + 512 + size]
        assert len(body) == size
        at += 512 + (size + 511) // 512 * 512
        if head[156:157] == b"x":
            longer = _pax(body)
            continue
        assert head[156:157] in (b"0", b"\0"), f"no regular file: {head[156:157]!r}"
        prefix = head[345:500].rstrip(b"\0").decode() if head[257:262] == b"ustar" else ""
        name = longer.pop("path", "/".join(filter(None, [prefix, head[:100].rstrip(b"\0").decode()])))
        assert name not in found
        assert not name.startswith("/")
        assert ".." not in name.split("/")
        found[name] = body
    return found


def _checksum(head: bytes) -> None:
    blank = head[:148] + b" " * 8 + head[156:]
    assert sum(blank) == int(head[148:156].rstrip(b"\0 "), 8)


def _pax(body: bytes) -> dict[str, str]:
    found = {}
    while body:
        length = int(body.split(b" ", 1)[0])
        key, value = body[:length].split(b" ", 1)[1].removesuffix(b"\n").split(b"=", 1)
        found[key.decode()] = value.decode()
        body = body[length:]
    return found


def written(found: Members) -> bytes:
    """The same again as an archive, in the same order."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, body in found.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(body), 0o600
            tar.addfile(info, io.BytesIO(body))
    return out.getvalue()


def rows(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.decode("utf-8").splitlines()]


def tables(data: Path) -> dict[str, list[dict[str, Any]]]:
    """All that stands in a house's SQLite database, past the program."""
    connection = sqlite3.connect(f"file:{data / 'xunshi.db'}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in names}
    connection.close()
    return found


def files(folder: Path) -> dict[str, str]:
    """Relative name to SHA-256."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
