"""`flask audit verify | export`: whatever was done to the log behind our back is found, at its line, in the database and
in an export; an honest log passes."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.audit import START
from core.commands.audit import audit

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def verified(home, *words, stdin=None, code=0):
    result = home.run(audit, "verify", "--json", *words, stdin=stdin)
    assert result.exit_code == code, (result.stdout, result.stderr)
    assert result.stderr == "", "messages only when something can't be used"
    return json.loads(result.stdout)


def refused(result, error):
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    said = json.loads(result.stderr)
    assert said["error"] == error
    assert said["message"]
    return said["message"]


def exported(home, *words):
    result = home.run(audit, "export", *words)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))


def text_of(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


# --- the database ---


def test_an_empty_and_an_honest_log_hold(home):
    assert verified(home) == {
        "ok": True, "lines": 0, "head": START, "sealed_until": None, "unsealed": 0, "first_bad": None,
    }  # fmt: skip
    home.record(3)
    home.write("core:lookup:made", "not-yet")
    found = verified(home)
    assert (found["ok"], found["lines"], found["unsealed"], found["first_bad"]) == (True, 3, 1, None)
    assert found["sealed_until"].endswith("Z")
    assert verified(home, "--head", found["head"].upper())["ok"], "a hash is the same in capitals"


def test_people_get_a_sentence(home):
    home.record(2)
    assert "The chain holds: 2 lines" in home.run(audit, "verify").stdout
    home.without_guards("UPDATE audit_lines SET actor = 'somebody' WHERE line_no = 2")
    result = home.run(audit, "verify")
    assert result.exit_code == 1
    assert "line 2" in result.stdout


@pytest.mark.parametrize("change", [
    "UPDATE audit_lines SET actor = 'system:other' WHERE line_no = 3",
    "UPDATE audit_lines SET at = '2026-01-01T00:00:00.000000Z' WHERE line_no = 3",
    "UPDATE audit_lines SET at = 'yesterday' WHERE line_no = 3",
    "UPDATE audit_lines SET word = 'core:log:exported' WHERE line_no = 3",
    "UPDATE audit_lines SET subject = 'thing9' WHERE line_no = 3",
    """UPDATE audit_lines SET facts = '{"found": 2, "kind": "imei"}' WHERE line_no = 3""",
    """UPDATE audit_lines SET facts = '{"found": 9, "found": 2, "kind": "serial"}' WHERE line_no = 3""",
    "UPDATE audit_lines SET facts = 'no json' WHERE line_no = 3",
    "UPDATE audit_lines SET facts = '[]' WHERE line_no = 3",
    "UPDATE audit_seals SET hash = previous WHERE seq = 3",
    "UPDATE audit_seals SET previous = hash WHERE seq = 3",
    "UPDATE audit_seals SET seq = 30 WHERE seq = 3",
    "DELETE FROM audit_seals WHERE seq = 3",
])  # fmt: skip
def test_an_edited_line_is_found_where_it_is(home, change):
    home.record(5)
    home.without_guards(change)
    found = verified(home, code=1)
    assert (found["ok"], found["first_bad"], found["lines"]) == (False, 3, 2)


def test_a_deleted_line_is_found(home):
    home.record(5)
    if home.database.is_sqlite:
        with home.database.engine.connect() as connection:
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("DROP TRIGGER audit_lines_no_delete")
            raw.execute("DELETE FROM audit_lines WHERE line_no = 4")
            raw.execute("PRAGMA foreign_keys=ON")
    else:
        home.without_guards("DELETE FROM audit_lines WHERE line_no = 4")
    assert verified(home, code=1)["first_bad"] == 4
    assert home.run(audit, "verify", "--file", "-", stdin=exported(home)).exit_code == 1


def test_a_cut_off_tail_shows_against_a_head_kept_elsewhere(home):
    home.record(5)
    head = verified(home)["head"]
    home.without_guards("DELETE FROM audit_seals WHERE seq >= 4", "DELETE FROM audit_lines WHERE line_no >= 4")
    assert verified(home)["ok"], "a chain alone can't know how long it was: keep its head elsewhere"
    found = verified(home, "--head", head, code=1)
    assert (found["lines"], found["first_bad"]) == (3, 4)


def test_an_unsealed_tail_that_was_hidden_or_slipped_in_is_found(home):
    home.record(2)
    home.write("core:lookup:made", "hidden")
    home.without_guards("DELETE FROM audit_pending")
    assert verified(home, code=1)["first_bad"] == 3


def test_a_seal_undone_is_found(home):
    home.record(3)
    home.without_guards("DELETE FROM audit_seals WHERE seq = 3")
    assert verified(home, code=1)["first_bad"] == 3


def test_a_house_without_a_database_says_so(new_home):
    bare = new_home("bare")
    refused(bare.run(audit, "verify", "--json"), "no_database")
    refused(bare.run(audit, "export"), "no_database")


@pytest.mark.parametrize("words", [("--head", "abc"), ("--head", "g" * 64), ("--head", "")])
def test_a_head_that_is_no_hash_is_refused(home, words):
    refused(home.run(audit, "verify", *words), "bad_head")


@pytest.mark.parametrize("words", [
    ("verify", "--haed", "x"), ("export", "--from", "yesterday"), ("export", "--until", "2026-13-01"), ("verfiy",),
])  # fmt: skip
def test_mistyped_options_are_refused_in_the_same_shape(home, words):
    refused(home.run(audit, *words), "usage")


# --- exports ---


def test_an_export_verifies_without_the_database(home, tmp_path):
    home.record(4)
    target = tmp_path / "log.csv"
    assert exported(home, "--out", str(target)) == ""
    assert target.read_text(encoding="utf-8") == exported(home), "the runner of the tests writes LF for CR LF"
    inside, outside = verified(home), verified(home, "--file", str(target))
    assert {**outside, "unsealed": 0} == inside
    assert verified(home, "--file", "-", "--head", inside["head"], stdin=target.read_bytes())["ok"]
    raw = target.read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 5, "RFC 4180: rows end with CR LF"
    for saved in (b"\xef\xbb\xbf" + raw, raw.replace(b"\r\n", b"\n")):
        assert verified(home, "--file", "-", stdin=saved)["ok"], "a spreadsheet or an editor saved it again, unchanged"
    assert not list(tmp_path.glob(".*.part"))


def days(home):
    """Two lines a day on three days; the third day's first line was begun on the second day, before midnight."""
    for day in range(3):
        for hour in (0, 3):
            with clock.stopped_at(NOON + timedelta(days=day, hours=hour)):
                home.write("core:lookup:made", f"day{day}", kind="serial")
    late = NOON.replace(hour=23) + timedelta(days=1)
    with clock.stopped_at(late):
        home.write("core:lookup:made", "late", kind="serial")
    home.seal()


def test_a_part_verifies_by_itself_and_has_no_holes(home):
    days(home)
    part = exported(home, "--from", "2026-11-21", "--until", "2026-11-21")
    subjects = [row[4] for row in rows_of(part)[1:]]
    assert subjects == ["day1", "day1", "day2", "day2", "late"], "the whole run, or it couldn't be checked"
    assert verified(home, "--file", "-", stdin=part)["lines"] == 5
    assert len(rows_of(exported(home, "--until", "2026-11-20"))) == 3
    assert len(rows_of(exported(home, "--from", "2026-11-22"))) == 3
    nothing = exported(home, "--from", "2027-01-01")
    assert verified(home, "--file", "-", stdin=nothing)["lines"] == 0
    refused(home.run(audit, "export", "--from", "2026-11-22", "--until", "2026-11-21"), "days_reversed")


def test_a_part_knows_the_head_before_it(home):
    home.record(4)
    rows = rows_of(exported(home))
    assert verified(home, "--file", "-", "--head", rows[2][7], stdin=text_of([rows[0], *rows[3:]]))["ok"]
    assert not verified(home, "--file", "-", "--head", rows[1][7], stdin=text_of([rows[0], *rows[3:]]), code=1)["ok"]


def changed(rows, line, column, value):
    copy = [list(row) for row in rows]
    copy[line][column] = value
    return text_of(copy)


@pytest.mark.parametrize(("column", "value"), [
    (0, "30"), (0, "03"), (0, "3 "), (0, "x"), (1, "2026-01-01T00:00:00.000000Z"), (2, "system:other"),
    (3, "core:log:exported"), (4, "thing9"), (5, '{"found":2,"kind":"imei"}'), (5, '{"kind":"serial","found":2}'),
    (5, '{"found":9,"found":2,"kind":"serial"}'), (5, '{"found":2.0,"kind":"serial"}'), (5, "[" * 100_000), (5, ""),
    (6, START), (6, "zz"), (7, START), (7, ""),
])  # fmt: skip
def test_a_changed_cell_is_found_at_its_row(home, column, value):
    home.record(5)
    rows = rows_of(exported(home))
    found = verified(home, "--file", "-", stdin=changed(rows, 3, column, value), code=1)
    assert (found["first_bad"], found["lines"]) == (3, 2)


def test_moved_missing_doubled_and_widened_rows_are_found(home):
    home.record(5)
    head, *rows = rows_of(exported(home))
    bad = {
        "swapped": [rows[0], rows[2], rows[1], *rows[3:]], "missing": [rows[0], *rows[2:]],
        "doubled": [rows[0], rows[0], *rows[1:]], "wider": [rows[0], [*rows[1], "x"], *rows[2:]],
        "narrower": [rows[0], rows[1][:7], *rows[2:]],
    }  # fmt: skip
    for name, changed_rows in bad.items():
        found = verified(home, "--file", "-", stdin=text_of([head, *changed_rows]), code=1)
        assert (name, found["first_bad"]) == (name, 2)


def test_a_cut_off_export_shows_against_its_head(home):
    home.record(5)
    rows = rows_of(exported(home))
    cut = text_of(rows[:4])
    assert verified(home, "--file", "-", stdin=cut)["ok"]
    found = verified(home, "--file", "-", "--head", rows[-1][7], stdin=cut, code=1)
    assert (found["lines"], found["first_bad"]) == (3, 4)


def test_a_tampered_log_still_exports_and_the_export_tells(home):
    home.record(3)
    home.without_guards("UPDATE audit_lines SET facts = 'no json', at = 'never' WHERE line_no = 2")
    assert verified(home, "--file", "-", stdin=exported(home), code=1)["first_bad"] == 2


@pytest.mark.parametrize("raw", [
    b"", b"\x00\x00", b"a,b\n1,2\n", "序号,时间\n".encode("gbk"), b"seq;at;actor\n", b'"' + b"x" * 200_000,
], ids=["empty", "nul", "other columns", "gbk", "semicolons", "endless cell"])  # fmt: skip
def test_what_is_no_export_is_refused(home, raw):
    refused(home.run(audit, "verify", "--file", "-", "--json", stdin=raw), "unusable_export")


def test_files_that_are_not_there_are_refused(home, tmp_path):
    refused(home.run(audit, "verify", "--file", str(tmp_path / "none.csv")), "missing")
    refused(home.run(audit, "verify", "--file", str(tmp_path)), "missing")
    home.record(1)
    refused(home.run(audit, "export", "--out", str(tmp_path / "none" / "log.csv")), "unwritable")
