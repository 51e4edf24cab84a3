"""docs/algorithms/wipe-evidence.md, “Three profiles”: real logs and made-up command outputs, verdicts worked out by hand from its
tables (what a profile asks for) and from what each log says that was done (tests/fixtures/wipe)."""

import html
import re
import tarfile
from pathlib import Path

import pytest

from tests.independent import own_texts as texts
from tests.independent.running import ROOT, flask, refused, shaped

LOGS = ROOT / "tests" / "fixtures" / "wipe"
CN, NIST, HK = PROFILES = "CN-GB46864-2025", "NIST-800-88r2", "HK-G3"
FEW, DULL, UNREAD, LESS = "too_few_passes", "no_random_pass", "not_verified", "technique_insufficient"

# log, medium, then the reasons under CN (3 passes, 1 random, verified; flash 1, verified), NIST (1 pass, not verified) and HK
# (as CN; of flash only block erase)
BY_HAND = [
    ("nwipe-0.34-hdd-dodshort", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-dodshort-noblank", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-dodshort-verify-all", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-dodshort-rounds-2", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-dodshort-verify-off", "magnetic", [UNREAD], [], [UNREAD]),
    ("nwipe-0.34-hdd-dod522022m", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-gutmann", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-ops2", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-is5enh", "magnetic", [], [], []),
    ("nwipe-0.42-hdd-bruce7", "magnetic", [], [], []),
    ("nwipe-0.42-hdd-bmb", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-zero", "magnetic", [FEW, DULL], [], [FEW, DULL]),
    ("nwipe-0.34-hdd-one", "magnetic", [FEW, DULL], [], [FEW, DULL]),
    ("nwipe-0.34-hdd-zero-rounds-3", "magnetic", [DULL], [], [DULL]),
    ("nwipe-0.34-hdd-prng", "magnetic", [FEW], [], [FEW]),
    ("nwipe-0.34-hdd-prng-rounds-2", "magnetic", [FEW], [], [FEW]),
    ("nwipe-0.34-hdd-prng-rounds-3", "magnetic", [], [], []),
    ("nwipe-0.34-hdd-verify-zero", "magnetic", ["verify_only"], ["verify_only"], ["verify_only"]),
    ("nwipe-0.34-ssd-prng", "semiconductor", [], [], [LESS]),
    ("nwipe-0.34-ssd-prng-noblank", "semiconductor", [], [], [LESS]),
    ("nwipe-0.34-ssd-zero", "semiconductor", [], [], [LESS]),
    ("nwipe-0.34-nvme-prng", "semiconductor", [], [], [LESS]),
    ("nwipe-0.42-nvme-prng", "semiconductor", [], [], [LESS]),
    ("nwipe-0.34-ssd-verify-one", "semiconductor", ["verify_only"], ["verify_only"], ["verify_only", LESS]),
    ("nwipe-0.34-two-disks", "magnetic", ["several_devices"], ["several_devices"], ["several_devices"]),
]


def judged(path: Path, profile: str, medium: str, *more: str) -> tuple[str, list[str], str | None]:
    ran = flask("evidence", "judge", path, "--profile", profile, "--medium", medium, "--json", *more)
    answer = shaped(ran, "evidence-judge")
    assert ran.code == (0 if answer["verdict"] == "pass" else 1)
    return answer["verdict"], answer["reasons"], answer["level"]


@pytest.mark.parametrize(("log", "medium", "cn", "nist", "hk"), BY_HAND, ids=[case[0] for case in BY_HAND])
def test_a_real_log_under_three_profiles(log, medium, cn, nist, hk):
    for profile, reasons in zip(PROFILES, (cn, nist, hk), strict=True):
        verdict = "pass" if not reasons else "unknown" if reasons == ["several_devices"] else "fail"
        said = judged(LOGS / f"{log}.log", profile, medium)
        assert (said[0], set(said[1]), said[2]) == (verdict, set(reasons), "clear" if verdict == "pass" else None), profile


@pytest.mark.parametrize(("log", "medium", "reason"), [
    ("nwipe-0.34-hdd-aborted", "magnetic", "aborted"), ("nwipe-0.42-hdd-aborted", "magnetic", "aborted"),
    ("nwipe-0.34-hdd-write-error", "magnetic", "errors"), ("nwipe-0.34-hdd-read-error-noticed", "magnetic", "errors"),
    ("nwipe-0.34-ssd-verify-one", "semiconductor", "verify_only"),
])  # fmt: skip
def test_what_fails_under_every_profile(log, medium, reason):
    for profile in PROFILES:
        verdict, reasons, _ = judged(LOGS / f"{log}.log", profile, medium)
        assert (verdict, reason in reasons) == ("fail", True)


@pytest.mark.parametrize(("log", "reason"), [
    ("nwipe-0.34-loop-no-serial", "no_serial"), ("nwipe-0.34-hdd-quiet", "anonymised"), ("nwipe-0.34-hdd-killed", "truncated"),
])  # fmt: skip
def test_what_is_unknown_under_every_profile(log, reason):
    for profile in PROFILES:
        verdict, reasons, _ = judged(LOGS / f"{log}.log", profile, "magnetic")
        assert (verdict != "pass", reason in reasons) == (True, True)


def test_size_and_serial_are_the_registers(tmp_path):
    path = LOGS / "nwipe-0.34-hdd-dodshort.log"
    serial = "WD-WCAYU4R7X19K"
    for spelling in (serial, serial.lower(), "WCAYU4R7X19K", f" {serial} ", "WCAYU4R7X_19K", "ＷＤ－ＷＣＡＹＵ４Ｒ７Ｘ１９Ｋ"):
        assert judged(path, CN, "magnetic", "--serial", spelling)[0] == "pass", spelling
    for other in (serial[:-1], serial + "0", "Z9AKM4T7"):
        assert judged(path, CN, "magnetic", "--serial", other)[:2] == ("fail", ["serial_mismatch"]), other
    assert judged(path, CN, "magnetic", "--capacity", "67108864")[0] == "pass"
    assert judged(path, CN, "magnetic", "--capacity", "67109376")[:2] == ("fail", ["bytes_short"])
    two = LOGS / "nwipe-0.34-two-disks.log"
    (first, *_) = [device["serial"] for device in flask("evidence", "read", two, "--json").json[0]["devices"]]
    assert judged(two, NIST, "magnetic", "--serial", first)[1] != ["several_devices"]
    refused(flask("evidence", "judge", path, "--profile", "no-such", "--medium", "magnetic", "--json"))
    refused(flask("evidence", "judge", path, "--profile", CN, "--medium", "paper", "--json"))


def test_a_pass_taken_out_of_a_real_log_is_not_a_pass(tmp_path):
    """“The same log with its tables, but without `Finished pass 2/3`, is `truncated` and `too_few_passes`.”"""
    lines = (LOGS / "nwipe-0.34-hdd-dodshort.log").read_text(encoding="utf-8").splitlines(keepends=True)
    gone = [line for line in lines if not re.search(r"Finished pass 2/3", line)]
    assert len(gone) == len(lines) - 1
    path = tmp_path / "gone.log"
    path.write_text("".join(gone), encoding="utf-8")
    verdict, reasons, _ = judged(path, CN, "magnetic")
    assert (verdict, set(reasons)) == ("fail", {"truncated", FEW})
    cut = lines[: next(i for i, line in enumerate(lines) if re.search(r"Finished pass 1/3", line)) + 1]
    path.write_text("".join(cut), encoding="utf-8")
    verdict, reasons, _ = judged(path, CN, "magnetic")
    assert (verdict, "truncated" in reasons, FEW in reasons) == ("unknown", True, False)


@pytest.mark.parametrize(("command", "accepted"), [
    ("SANITIZE_OVERWRITE", {NIST}), ("SANITIZE_CRYPTO_SCRAMBLE", {NIST}), ("SANITIZE_BLOCK_ERASE", set()),
])  # fmt: skip
def test_a_hard_disks_own_commands(command, accepted, tmp_path):
    """Formats that aren't proven never pass; whether the technique would do is told all the same."""
    path = tmp_path / "synthetic-independent-hdparm.txt"
    path.write_text(texts.hdparm() + texts.issued(command) + texts.sanitize_status(), encoding="utf-8")
    for profile in PROFILES:
        verdict, reasons, _ = judged(path, profile, "magnetic")
        assert (LESS in reasons) == (profile not in accepted), profile
        assert verdict == ("unknown" if profile in accepted else "fail")
        assert not {"truncated", "method_unknown", "capacity_unknown"} & set(reasons)


def report(name: str, folder: Path) -> Path:
    """One of the real PDF reports."""
    with tarfile.open(LOGS / "reports" / "nwipe-pdf.tar.xz") as tar:
        (member,) = [one for one in tar.getnames() if one.endswith(f"{name}.pdf")]
        found = tar.extractfile(member)
        assert found
        (folder / f"{name}.pdf").write_bytes(found.read())
    return folder / f"{name}.pdf"


@pytest.mark.parametrize(("name", "profile", "says", "asked"), [
    pytest.param("nwipe-0.41-both-2", CN, "magnetic", "semiconductor"),
    pytest.param("nwipe-0.42-both", NIST, "semiconductor", "magnetic"),
    ("nwipe-0.42-both", NIST, "semiconductor", "semiconductor"), ("nwipe-0.41-both-2", NIST, "magnetic", "magnetic"),
])  # fmt: skip
def test_a_file_that_says_it_is_about_the_other_kind_of_medium_fails(name, profile, says, asked, tmp_path):
    """One pass over a hard disk is too few under GB 46864; called flash it would do."""
    path = report(name, tmp_path)
    assert flask("evidence", "read", path, "--json").json[0]["devices"][0]["medium"] == says
    verdict, reasons, _ = judged(path, profile, asked)
    assert (verdict, "medium_mismatch" in reasons) == (("pass", False) if says == asked else ("fail", True))


def test_with_a_kind_it_does_fail(tmp_path):
    assert judged(report("nwipe-0.42-both", tmp_path), NIST, "magnetic", "--kind", "hdd")[:2] == ("fail", ["medium_mismatch"])
    assert judged(report("nwipe-0.41-both-2", tmp_path), CN, "semiconductor", "--kind", "ssd")[:2] == (
        "fail",
        ["medium_mismatch"],
    )


# --- the pages


def rows_of(page: str) -> dict[str, list[str]]:
    """The cells of the table by kind of medium."""
    found = {}
    for row in re.findall(r"<tr.*?</tr>", page, re.S):
        cells = [html.unescape(re.sub(r"<[^>]+>|\s+", " ", cell)).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.S)]
        if cells and cells[0].endswith("medium") and len(cells) == 5:
            found[cells[0].split()[0]] = [re.sub(r"\s+", " ", cell) for cell in cells[1:]]
    return found


OWN = "by the medium's own command"
SAID = {
    CN: {"magnetic": ("3", "1", {"overwriting: level Clear"}),
         "semiconductor": ("1", "0", {"overwriting: level Clear", f"block erase {OWN}: level Purge", f"overwriting {OWN}: level Purge"})},
    NIST: {"magnetic": ("1", "0", {"overwriting: level Clear", f"overwriting {OWN}: level Purge", "enhanced security erase: level Purge",
                                   "crypto erase: level Purge", "security erase: level Clear"}),
           "semiconductor": ("1", "0", {"overwriting: level Clear", "security erase: level Clear", "enhanced security erase: level Clear",
                                        f"block erase {OWN}: level Purge", f"overwriting {OWN}: level Purge", "crypto erase: level Purge"})},
    HK: {"magnetic": ("3", "1", {"overwriting: level Clear"}), "semiconductor": (None, None, {f"block erase {OWN}: level Purge"})},
}  # fmt: skip


@pytest.mark.parametrize("profile", PROFILES)
def test_the_page_says_what_the_document_says(profile, anonymous):
    page = anonymous.get(f"/profiles/{profile}")
    assert page.status_code == 200
    found = rows_of(page.text)
    for medium, (passes, dull, counts) in SAID[profile].items():
        cells = found[medium]
        assert {part.strip() for part in cells[2].split(";")} == counts
        if passes is not None:
            assert (cells[0], cells[1]) == (passes, dull)


def test_one_profile_decides_and_the_others_are_for_comparison(anonymous):
    text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", anonymous.get("/profiles").text)))
    assert text.count("Decides here") == 1
    assert text.count("For comparison only") == 2
    assert anonymous.get("/profiles/no-such").status_code == 404
