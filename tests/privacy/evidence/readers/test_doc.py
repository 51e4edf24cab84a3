"""JSON is read strictly: what two readers could read differently is refused, and nothing takes long."""

import json
import time

import pytest

from privacy.evidence.core_digest import core_of
from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from privacy.evidence.readers.doc import at, count, looks_like_json, parse, read_json, strings, truth, whole, word
from privacy.evidence.readers.text import LARGEST
from tests.harness.pace import soon

REFUSED = {
    "a repeated key": '{"sprog": 65535, "sstat": 257, "sstat": 0}',
    "a repeated key deep inside": '{"a": [{"b": {"c": 1, "c": 1}}]}',
    "NaN": '{"sprog": NaN}',
    "Infinity": '{"sprog": -Infinity}',
    "a number too long": '{"sprog": ' + "9" * 41 + "}",
    "a float beyond all": '{"sprog": 1e400}',
    "nested deeply": "[" * 40 + '""' + "]" * 40,
    "nested very deeply": "[" * 200_000,
    "broken off": '{"sprog": 65535, "sst',
    "something after it": '{"sprog": 1} {"sprog": 2}',
    "half a character": '{"sn": "\\ud800"}',
    "many small parts": "[" + "{}," * 500_000 + "{}]",
}


@pytest.mark.parametrize("name", REFUSED)
def test_ambiguous_or_broken_json_is_refused_with_a_sentence(name: str):
    begun = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read(REFUSED[name].encode())
    assert caught.value.code == "malformed" and caught.value.sentence.endswith(".")
    assert soon(begun, 2)


def test_the_genuine_twins_are_read():
    assert read(b'{"sprog": 65535, "sstat": 257, "cdw10_info": 2}').format == "nvme-cli-json"
    assert parse('{"a": [' * 10 + "1" + "]}" * 10)
    assert parse('{"n": ' + "9" * 39 + ', "s": "' + "9" * 200 + '", "pair": "\\ud83d\\ude00"}')["pair"] == "\U0001f600"
    assert parse('{"x": 1.5, "y": -3e2}') == {"x": 1.5, "y": -300.0}


def test_json_of_another_tool_is_not_recognised():
    for value in ({}, [], [1], {"sstat": 1}, {"sprog": 1}, {"nvme0": {}}, {"Devices": []}, {"smartctl": {}}, {"kind": "other"}):
        with pytest.raises(Unreadable) as caught:
            read(json.dumps(value).encode())
        assert caught.value.code == "unrecognised"


def test_encodings_and_sizes():
    text = '{"sprog": 65535, "sstat": 257}'
    assert read(text.encode("utf-16")).has("encoding_utf16")
    assert read(b"\xef\xbb\xbf" + text.encode()).format == "nvme-cli-json"
    for raw, code in ((text.encode() + b" " * LARGEST, "too_big"), (text.encode()[:-1] + b"\0}", "binary"), (b'{"a": "\xff\xff"}', "not_text")):
        with pytest.raises(Unreadable) as caught:
            read_json(raw)
        assert caught.value.code == code


def test_a_log_that_begins_with_a_bracket_is_no_json():
    assert not looks_like_json(b"[2026/11/22 06:49:38]    info: nwipe 0.42")
    assert looks_like_json(b'\xef\xbb\xbf \r\n[ {"a": 1}]') and looks_like_json('{"a": 1}'.encode("utf-16"))


@pytest.mark.parametrize("text", ["[" + "0," * 8_000_000 + "0]", '["' + "a" * 16_000_000 + '"]', "[" * 16_000_000, "9" * 16_000_000])
def test_the_largest_files_take_no_time(text: str):
    begun = time.process_time()
    with pytest.raises(Unreadable):
        read(text.encode())
    assert soon(begun, 3)


def test_values_are_taken_only_as_what_they_are():
    value = {"n": 5, "t": "7", "neg": -1, "b": True, "f": 1.0, "s": "  a\u202eb ", "long": "x" * 300, "deep": [{"k": "v"}], "e": " "}
    assert (count(value, "n"), count(value, "t"), count(value, "neg"), count(value, "b"), count(value, "f")) == (5, 7, None, None, None)
    assert whole(value, "neg") == -1
    assert (truth(value, "b"), truth(value, "n")) == (True, None)
    assert (word(value, "s"), word(value, "long"), word(value, "e"), word(value, "n")) == ("a\ufffdb", None, None, None)
    assert at(value, "deep", 0, "k") == "v" and at(value, "deep", 1, "k") is None and at(value, "deep", "k") is None
    assert list(strings({"a": ["x", {"b": "y"}], "c": "z" * 3000})) == ["x", "y"]


def test_a_core_is_the_same_for_the_same_facts_and_none_for_none():
    assert core_of(None, (), []) is None
    assert core_of("a", 1, None) == core_of("a", 1, None) != core_of("a", 2, None)
    assert core_of({"b": 1, "a": 2}) == core_of({"a": 2, "b": 1})
    assert core_of("\ud800", 10**60)  # no text of a hostile file stops it
