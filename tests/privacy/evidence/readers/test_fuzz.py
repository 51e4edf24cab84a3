"""Every reader under fire: its genuine files damaged at random, as bytes, as lines, as values, as texts of a page. Nothing
crashes, nothing works longer than a second, and no damage turns a refusal into a pass, or makes a pass of something else.

For SECONDS each in CI, for as long as it takes to try INPUTS of each in `make soak`."""

import functools
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from privacy.clearance.profiles import get_profile, profile_ids
from privacy.clearance.rules import judge
from privacy.evidence.identity import normalise_serial
from privacy.evidence.model import DeviceRow, Evidence, Unreadable, as_json
from privacy.evidence.readers import read
from tests.harness.pace import soon
from tests.privacy.evidence.logs import FOLDER
from tests.privacy.evidence.readers.fuzz import changed_json, changed_lines, mutated, other_word
from tests.privacy.evidence.readers.hostile import HANGS
from tests.privacy.evidence.readers.reports import pdf_files
from tests.privacy.evidence.readers.test_nwipe_pdf import offsets_put_right
from tests.soak import SOAKING, profile

pytestmark = [pytest.mark.slow, pytest.mark.soak]
SECONDS = 10 if profile() == "ci" else 4
INPUTS = 200_000
LARGEST = 120_000  # bytes of a seed: larger ones only cost time
FORMATS = (
    *("nwipe-log", "nwipe-pdf", "nvme-cli-text", "nvme-cli-json", "hdparm-text", "smartctl-json", "openseachest-text", "manage-bde-text"),
    *("xunshi-station", "ereuse-snapshot", "blancco-report", "killdisk-text", "ideviceinfo", "android-capture"),
)
KEYS = {name: bytes.fromhex(key) for name, key in json.loads((FOLDER / "answers" / "station-keys.json").read_text()).items()}
RULES = [(get_profile(one), medium) for one in profile_ids() for medium in ("magnetic", "semiconductor")]
Facts = tuple[object, ...]


@functools.cache
def seeds() -> dict[str, list[tuple[str, bytes]]]:
    """Format -> every committed file of it that isn't too large, and pages without their pictures."""
    files = [*FOLDER.glob("*.log"), *FOLDER.glob("id-*"), *(FOLDER / "answers").iterdir(), *(FOLDER / "reports").glob("synthetic-*")]
    raws = [(path.name, path.read_bytes()) for path in sorted(files)]
    raws += [(name, without_pictures(data)) for name, data in pdf_files().items() if name.endswith(".pdf")]
    found: dict[str, list[tuple[str, bytes]]] = {}
    for name, data in raws:
        try:
            form = read(data, keys=KEYS).format
        except Unreadable:
            continue
        if len(data) <= LARGEST:
            found.setdefault(form, []).append((name, data))
    return found


def without_pictures(data: bytes) -> bytes:
    """The report with its pictures made empty: a hundred kilobytes that no reader looks at."""
    picture = re.compile(rb"(/Length )([0-9]{4,6})([^\r\n]{0,80}>>\s{0,4}stream\r?\n)(.*?)(\r\nendstream)", re.S)

    def emptied(hit: re.Match[bytes]) -> bytes:
        return hit[0] if hit[4].startswith(b"BT") or int(hit[2]) < 4096 else hit[1] + b"0" + hit[3] + hit[5]

    return offsets_put_right(picture.sub(emptied, data))


def changed_page(data: bytes, source: random.Random) -> bytes:
    """A text of the report put for another, within the form that the file keeps."""
    hits = list(re.finditer(rb"<< /Length [0-9]+ >>stream\r\n(BT [^\r\n]*?\()([^\r\n]*)(\) Tj ET ?)\r\n", data))
    for hit in source.sample(hits, min(len(hits), source.randint(1, 2))):
        text = other_word(hit[2].decode("cp1252"), source) if source.random() < 0.7 else source.choice(hits)[2].decode("cp1252")
        body = hit[1] + re.sub(r"(?<!\\)[()]", "", text).rstrip("\\").encode("cp1252", "replace") + hit[3]
        data = data.replace(hit[0], b"<< /Length %d >>stream\r\n%s\r\n" % (len(body), body), 1)
    return offsets_put_right(data)


def ways(form: str, data: bytes) -> list[Callable[[bytes, random.Random], bytes]]:
    if form == "nwipe-pdf":
        return [changed_page, changed_page, mutated]
    if data.lstrip()[:1] == b"{":
        return [changed_json, mutated]
    return [changed_lines, changed_lines, mutated]


def inputs(form: str) -> Iterator[tuple[str, bytes]]:
    """Without end; the same ones in every run."""
    source = random.Random(form)
    files = [(name, data, ways(form, data)) for name, data in seeds()[form]]
    while True:
        name, data, known = source.choice(files)
        yield name, source.choice(known)(data, source)


def facts(row: DeviceRow) -> Facts:
    """What a pass rests on. Damage to anything else may leave a pass a pass."""
    serial = normalise_serial(row.serial)
    return (serial, row.capacity_bytes, row.method_code, row.passes_done, row.random_passes, row.bytes_written, row.verified, row.status)


def passes(evidence: Evidence, weak: bool = False) -> set[tuple[str, str, Facts]]:
    found: set[tuple[str, str, Facts]] = set()
    for row in evidence.devices[:4]:
        for rules, medium in RULES:
            if judge(evidence, row, rules, medium, row.serial).verdict == "pass":
                found.add(("", "", facts(row)[:2] + facts(row)[5:6]) if weak else (rules.id, medium, facts(row)))
    return found


def no_better(found: tuple[str, str, Facts], allowed: set[tuple[str, str, Facts]]) -> bool:
    """Damage may lose a verification that the rule doesn't ask for; it never gains anything."""
    rules, medium, said = found
    return found in allowed or (len(said) > 6 and said[6] is not True and (rules, medium, (*said[:6], True, *said[7:])) in allowed)


def is_weak(evidence: Evidence) -> bool:
    """A report of a finished wipe of 64 MiB: what it says of its method and verification stands for itself alone, as
    docs/attacks.md says, unless its speed tells (0.42 on, and passes of more than a second)."""
    return evidence.format == "nwipe-pdf" and all(row.status == "erased" and row.technique for row in evidence.devices)


@functools.cache
def honest(form: str) -> dict[str, set[tuple[str, str, Facts]]]:
    """By seed: what passes undamaged; of a file of several runs also what each would be alone, since damage may lose the others."""
    found = {}
    for name, evidence in ((name, read(data, keys=KEYS)) for name, data in seeds()[form]):
        found[name] = passes(evidence).union(*(passes(replace(evidence, devices=(row,))) for row in evidence.devices))
        if is_weak(evidence):
            found[name] = {("", "", facts(row)[:2] + facts(row)[5:6]) for row in evidence.devices}
    return found


def test_every_format_has_its_seeds_and_some_pass():
    assert set(seeds()) == set(FORMATS)
    assert {form for form in FORMATS if any(honest(form).values())} == {"nwipe-log", "nwipe-pdf", "xunshi-station"}


@pytest.mark.parametrize("form", FORMATS)
def test_a_reader_under_fire(form: str, record_property: Callable[[str, Any], None]):
    allowed = honest(form)
    begun, tried, refused, passed = time.monotonic(), 0, 0, 0
    for name, data in inputs(form):
        if tried >= INPUTS if SOAKING else time.monotonic() - begun >= SECONDS:
            break
        tried += 1
        started = time.process_time()
        try:
            evidence = read(data, keys=KEYS)
        except Unreadable as problem:
            refused += 1
            assert problem.code and problem.sentence.endswith(".")
            continue
        weak = form == "nwipe-pdf" and any(rules == "" for rules, *_ in allowed[name])
        found = passes(evidence, weak)
        assert soon(started, HANGS), (name, tried)
        assert all(no_better(one, allowed[name]) for one in found), (name, tried, found - allowed[name], data)
        passed += bool(found)
        if tried % 50 == 0:
            json.dumps(as_json(evidence), ensure_ascii=True)
    seconds = time.monotonic() - begun
    record_property("fuzzed", f"{form}: {tried} inputs, {refused} refused, {passed} still pass, {seconds:.0f} s")
    assert tried >= (INPUTS if SOAKING else 100)
