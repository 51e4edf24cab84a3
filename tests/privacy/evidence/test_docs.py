"""docs/algorithms/wipe-evidence.md says what the code does: its tables are read and compared."""

import re
from pathlib import Path

from privacy.clearance.rules import FAILS, RESOLUTION, TOP_SPEED, UNKNOWNS
from privacy.evidence.methods import METHODS, RANDOM

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "algorithms"
TEXT = (FOLDER / "wipe-evidence.md").read_text(encoding="utf-8")
READERS = (FOLDER / "evidence-readers.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under this heading row."""
    lines = TEXT[TEXT.index(heading) :].splitlines()[2:]
    table = lines[: next((at for at, line in enumerate(lines) if not line.startswith("|")), len(lines))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_table_of_methods_is_the_code_s():
    endings = {"blank": "blank", "random": "one random pass", "zeros": "looks, writes nothing"}
    endings["ones"] = endings["zeros"]
    told = {labels: (int(passes), int(random.split()[0]), ending) for labels, passes, random, ending in rows("| method")}
    known = {
        ", ".join(dict.fromkeys(re.sub(r" +", " ", label) for label in method.labels)): (
            len(method.passes),
            method.passes.count(RANDOM),
            endings[method.ending],
        )
        for method in METHODS
    }
    assert told == known


def test_the_table_of_reasons_is_the_code_s():
    told = {verdict: tuple(codes.split(", ")) for codes, verdict in rows("| reason")}
    assert told == {"fail": FAILS, "unknown": UNKNOWNS}


def test_the_numbers_in_the_text_are_the_code_s():
    assert f"{TOP_SPEED['magnetic'] / 10**9:g} GB/s for magnetic" in TEXT
    assert f"{TOP_SPEED['semiconductor'] / 10**9:g} GB/s for semiconductor" in TEXT
    assert f"may be {RESOLUTION} s longer" in TEXT


def test_every_finding_a_reader_makes_is_explained():
    folder = Path(__file__).resolve().parents[3] / "privacy" / "evidence" / "readers"
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    made = set(re.findall(r'(?:Finding\(\s*code=|note\(\s*)"([a-z_]+)"', source))
    made |= {"encoding_gbk", "encoding_utf16", "terminal_codes", "mixed_line_ends"}
    made |= {"exact_version", "time_zone", "usb_bridge", "sanitize", "sanitize_failed"}
    section = TEXT[TEXT.index("## Findings") :] + READERS[READERS.index("## Findings") :]
    assert made >= {"contradiction", "gap", "serial_twice", "anonymised"}
    assert {code for code in made if f"`{code}`" not in section} == set()


def test_the_table_of_readers_names_every_format_and_whether_it_was_seen():
    folder = Path(__file__).resolve().parents[3] / "privacy" / "evidence" / "readers"
    sources = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    formats = {hit[1] for source in sources if (hit := re.search(r'^FORMAT = "([a-z-]+)"', source, re.M))}
    assert {name for name in formats if f"`{name}`" not in READERS} == set()
    never = {hit[1] for source in sources if (hit := re.search(r'^FORMAT = "([a-z-]+)"', source, re.M)) and "real_seen=False" in source}
    for line in READERS.splitlines():
        if line.startswith("| `") and any(f"`{name}`" in line for name in never):
            assert line.rstrip(" |").rpartition("|")[2].strip().startswith("no"), line
