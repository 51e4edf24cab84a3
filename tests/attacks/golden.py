"""The verdicts of every committed file under every version of every profile, as they were when they were written down.

    .venv/bin/python -m tests.attacks.golden

writes them anew. Whoever needs that has changed a verdict: the rule set or the reader gets a new version first."""

import json
import sys
from pathlib import Path

from privacy.clearance.profiles import get_profile
from privacy.clearance.rules import judge
from privacy.evidence.readers import read

FILE = Path(__file__).with_name("golden.json")
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "wipe"
PROFILES = (("CN-GB46864-2025", "1"), ("CN-GB46864-2025", "2"), ("HK-G3", "1"), ("NIST-800-88r2", "1"))


def verdicts() -> dict[str, dict[str, str]]:
    """{`file serial parser`: {`profile@version`: `verdict reason+reason level`}}"""
    found: dict[str, dict[str, str]] = {}
    for entry in json.loads((FIXTURES / "manifest.json").read_text(encoding="utf-8")):
        path = FIXTURES / entry["file"]
        if entry["tool"] != "nwipe" or not path.exists():
            continue
        evidence = read(path.read_bytes())
        for disk in entry["disks"]:
            name = f"{entry['file']} {disk['serial'] or '-'} {evidence.parser}"
            found[name] = {f"{id}@{version}": _said(evidence, id, version, disk) for id, version in PROFILES}
    return found


def _said(evidence, id: str, version: str, disk: dict[str, str]) -> str:  # type: ignore[no-untyped-def]
    one = judge(evidence, None, get_profile(id, version), disk["medium"], disk["serial"])
    return " ".join([one.verdict, "+".join(one.reasons) or "-", one.level or "-"])


if __name__ == "__main__":
    FILE.write_text(json.dumps(verdicts(), indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
