"""A result as evidence: a genuine one is taken, a changed one is refused, whoever signed it."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import signing
from privacy.evidence.model import Unreadable
from privacy.readback.faults import Unusable
from privacy.readback.keys import make_key, open_key, prove, proven, public_text, read_public
from privacy.readback.report import is_readback, read_readback
from privacy.readback.result import signed
from tests.harness.json_shape import SCHEMAS
from tests.privacy.readback.images import BLOCK, MIB, PNG, TEXT, image, noise, planted, raw_of, read


def trusted(key):
    return {key.key_id: key.public}


@pytest.fixture
def genuine(tmp_path, station):
    """Signed results of all kinds, by name."""
    _, key = station
    seeded = {"k": 300, "seed": b"seed"}
    return {
        "clean": read(image(tmp_path, bytes(MIB), "a"), key=key, challenge="C-1"),
        "sample": read(image(tmp_path, bytes(8 * MIB + 5), "b"), key=key, **seeded),
        "residue": read(image(tmp_path, planted(bytes(MIB), 9, TEXT), "c"), key=key),
        "picture": read(image(tmp_path, planted(noise(MIB), 9 * BLOCK, PNG), "d"), key=key, **seeded, expect="random"),
        "used": read(image(tmp_path, TEXT * 999, "e"), key=key),
        "mixed": read(image(tmp_path, b"\x55" * MIB + b"\x66" * MIB + bytes(BLOCK), "f"), key=key),
        "empty": read(image(tmp_path, b"", "g"), key=key),
        "letters": read(image(tmp_path, b"hello", "h"), key=key),
        "short": read(image(tmp_path, noise(MIB + 9), "i"), key=key),
        "tiny": read(image(tmp_path, bytes(5000), "j"), key=key, **seeded),
        "asked": read(image(tmp_path, noise(MIB + 9), "k"), key=key, expect="pattern"),
    }


def test_genuine_results_are_taken(genuine, station):
    for name, value in genuine.items():
        found = read_readback(json.loads(raw_of(value)), raw_of(value), trusted(station[1]))
        assert (found.verdict, found.signed, found.size) == (value["verdict"], True, value["size"]), name
    assert read_readback(genuine["clean"], b"", trusted(station[1])).grade == "E4"
    assert read_readback(genuine["sample"], b"", trusted(station[1])).grade == "E1", "no challenge"


def test_the_example_is_taken_and_nobody_has_enrolled_its_key():
    raw = (SCHEMAS / "examples" / "readback.json").read_bytes()
    found = read_readback(json.loads(raw), raw)
    assert is_readback(json.loads(raw)) and (found.signed, found.grade, found.seed[:8]) == (None, "E1", "00112233")


def test_unsigned_is_a_statement(tmp_path, station):
    found = read_readback(read(image(tmp_path, bytes(MIB)), challenge="C-1"), b"", trusted(station[1]))
    assert (found.signed, found.grade, found.verdict) == (False, "E1", "clean")


def test_another_key_is_refused_or_unknown(genuine, station, tmp_path):
    _, other = make_key(tmp_path / "other", None)
    forged = signed({k: v for k, v in genuine["residue"].items() if k not in ("key", "signature")}, other)
    assert read_readback(forged, b"", trusted(station[1])).signed is None
    # their signature under the station's name
    forged["key"] = forged["signature"]["key_id"] = station[1].key_id
    with pytest.raises(Unreadable) as refused:
        read_readback(forged, b"", trusted(station[1]))
    assert refused.value.code == "forged"


def test_any_change_after_signing_is_refused(genuine, station):
    for value in genuine.values():
        for key in set(value) - {"signature", "kind", "version"}:
            changed = copy.deepcopy(value)
            changed[key] = "E" if value[key] != "E" else "F"
            with pytest.raises(Unreadable) as refused:
                read_readback(changed, b"", trusted(station[1]))
            assert refused.value.code in ("forged", "contradiction", "shape"), key


LIES = {
    "clean in spite of hits": ("residue", {"verdict": "clean", "reasons": []}),
    "clean in spite of dirty blocks": ("residue", {"verdict": "clean", "reasons": [], "hits": []}),
    "no dirty blocks among many": ("residue", {"verdict": "clean", "reasons": [], "hits": [], "blocks_dirty": 0}),
    "clean though empty": ("empty", {"verdict": "clean", "reasons": []}),
    "clean though short": ("short", {"verdict": "clean", "reasons": []}),
    "another expectation": ("clean", {"expected": "ff"}),
    "a larger disk": ("clean", {"size": 2 * MIB}),
    "fewer blocks": ("clean", {"blocks_read": 255}),
    "all were drawn": ("sample", {"blocks_read": 2048}),
    "another seed": ("sample", {"sample": {"seed": "aa", "k": 300, "distinct": 280, "fixed": []}}),
    "a sample called full": ("sample", {"mode": "full", "sample": None}),
    "a higher chance": ("sample", {"probability": {"fraction": "0.001", "found": "0.999999", "smallest_run": 4096}}),
    "a hit outside": ("picture", {"hits": [{"offset": 4096 * 10**6, "kind": "png", "at": 0}]}),
    "a time without a zone": ("clean", {"started": "2026-11-22T01:02:03"}),
    "ended before it began": ("clean", {"finished": "2020-11-22T01:02:03+00:00"}),
    "a bad list": ("clean", {"bad": [0]}),
    "a negative count": ("clean", {"bad_sectors": -1, "resumed": -1}),
    "true for a number": ("clean", {"resumed": True}),
    "a million million samples": ("sample", {"sample": {"seed": "aa", "k": 10**12, "distinct": 1, "fixed": []}}),
    "no seed": ("sample", {"sample": {"seed": "", "k": 300, "distinct": 280, "fixed": []}}),
    "another kind": ("clean", {"kind": "nwipe"}),
    "another version": ("clean", {"version": 2}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_though_it_is_signed(genuine, station, lie):
    name, change = LIES[lie]
    value = {k: v for k, v in genuine[name].items() if k not in ("key", "signature")} | change
    with pytest.raises(Unreadable):
        read_readback(signed(value, station[1]), b"", trusted(station[1]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
EXAMPLE = json.loads((SCHEMAS / "examples" / "readback.json").read_bytes())


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(JSON, st.sampled_from(sorted(EXAMPLE)), st.booleans())
def test_whatever_comes_is_an_answer_and_never_a_fault(value, key, gone):
    damaged = {k: v for k, v in EXAMPLE.items() if k != key} | ({} if gone else {key: value})
    for one in (value, damaged, {"kind": "xunshi_readback", "version": 1}):
        try:
            read_readback(one, b"x", {EXAMPLE["key"]: bytes(32)})
        except Unreadable as refused:
            assert refused.code in ("not_readback", "version", "shape", "contradiction", "forged")


# --- keys -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_key_under_a_passphrase_opens_only_with_it(tmp_path):
    path, key = make_key(tmp_path, "correct horse")
    assert path.stat().st_mode & 0o777 == 0o600 and open_key(path, "correct horse").public == key.public
    for wrong in ("", "wrong", None):
        with pytest.raises(Unusable):
            open_key(path, wrong)


def test_a_plain_key_that_others_may_read_is_refused(station):
    path, key = station
    assert open_key(path, None).public == key.public
    path.chmod(0o640)
    with pytest.raises(Unusable) as refused:
        open_key(path, None)
    assert refused.value.code == "key_exposed"


def test_a_damaged_key_is_refused(station, tmp_path):
    path, key = station
    stored = json.loads(path.read_text())
    for change in ({"seed": "00" * 32}, {"seed": "zz"}, {"seed": None}, {"alg": "RSA"}, {"kdf": "scrypt"}):
        path.write_text(json.dumps(stored | change))
        with pytest.raises(Unusable):
            open_key(path, None)


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.from_regex(r"[a-zA-Z0-9.-]{1,20}", fullmatch=True))
def test_the_public_line_comes_back(public, name):
    line = public_text(name, public)
    assert read_public(f"  {line}\n") == (name, public) and read_public(public.hex().upper()) == ("", public)
    with pytest.raises(ValueError, match="public key"):
        read_public(line.replace(name, name + "x", 1))


@pytest.mark.parametrize("text", ["", "bench", "bench+00000000+AAAA", "a+b+c", "ab" * 31, "x" * 200])
def test_what_is_no_public_key(text):
    with pytest.raises(ValueError, match="public key"):
        read_public(text)


def test_only_the_holder_proves_and_only_this_code(station, tmp_path):
    _, key = station
    _, other = make_key(tmp_path / "other", None)
    signature = prove(key, "ABCD-EFGH")
    assert proven(key.public, "ABCD-EFGH", f" {signature[:40]}\n{signature[40:]} ")
    assert not proven(key.public, "ABCD-EFGX", signature) and not proven(other.public, "ABCD-EFGH", signature)
    assert not proven(key.public, "ABCD-EFGH", "") and not proven(key.public, "ABCD-EFGH", "?" * 88)
    # what a station signs as a result never proves a code
    assert not proven(key.public, "ABCD-EFGH", signing.sign(key, b"ABCD-EFGH").value_b64)
