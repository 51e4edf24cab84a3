"""Profiles are data, read strictly: a slip of the pen is named and never applied."""

from datetime import date
from pathlib import Path

import pytest

from core.data_files import BadDataFile
from privacy.clearance.profiles import FOLDER, UnknownProfile, get_profile, profile_ids, read_profile

CN = FOLDER / "CN-GB46864-2025.toml"


def test_the_chinese_standard_as_this_house_applies_it():
    profile = get_profile("CN-GB46864-2025")
    assert (profile.id, profile.version, profile.standard) == ("CN-GB46864-2025", "2", "GB 46864-2025")
    assert (profile.issued, profile.in_force) == (date(2025, 12, 2), date(2027, 1, 1))
    magnetic, semiconductor = profile.rule_for("magnetic"), profile.rule_for("semiconductor")
    assert (magnetic.least_passes, magnetic.least_random_passes) == (3, 1)
    assert (semiconductor.least_passes, semiconductor.least_random_passes) == (1, 0)
    assert profile.verification is True and profile.records_kept_years == 3
    assert dict(magnetic.accepts) == {"overwrite": "clear"}
    assert dict(semiconductor.accepts) == {"overwrite": "clear", "sanitize_overwrite": "purge", "block_erase": "purge"}
    # what neither a page nor a quotation names never suffices alone
    assert not {"crypto_erase", "format", "security_erase"} & {*magnetic.accepts, *semiconductor.accepts}


def test_how_well_it_is_known_is_said_and_conformity_never_claimed():
    profile = get_profile("CN-GB46864-2025")
    assert {rule.known for rule in profile.media} == {"press"}
    assert {source.known for source in profile.sources} >= {"press", "memory"}
    assert "designed to" in profile.claim.en and profile.id in profile.claim.en and profile.id in profile.claim.zh
    assert not any(word in profile.claim.en.lower() for word in ("compliant", "certified", "unrecoverable"))


def test_an_id_is_a_name_and_no_path():
    assert profile_ids() == ("CN-GB46864-2025", "HK-G3", "NIST-800-88r2")
    for other in ("", "CN", "cn-gb46864-2025", "../profiles/CN-GB46864-2025", "CN-GB46864-2025.toml", "a\0b"):
        with pytest.raises(UnknownProfile):
            get_profile(other)
    for other in ("3", "v1", "../1", ""):
        with pytest.raises(UnknownProfile):
            get_profile("CN-GB46864-2025", other)
    assert get_profile("CN-GB46864-2025", "2") == get_profile("CN-GB46864-2025")


def test_a_kind_of_medium_without_a_rule_is_refused():
    with pytest.raises(ValueError, match="paper"):
        get_profile("CN-GB46864-2025").rule_for("paper")


SLIPS = [
    ('id = "CN-GB46864-2025"', 'id = "CN-GB46864-2026"', "id must be"),
    ("least_passes = 3", "least_passes = 0", r"media\[1\].least_passes must be at least 1"),
    ("least_random_passes = 1", "least_random_passes = 4", r"media\[1\].least_random_passes can't be more"),
    ("least_random_passes = 1", "least_random_passes = -1", r"media\[1\].least_random_passes must be at least 0"),
    ('kind = "semiconductor"', 'kind = "magnetic"', "media must name each kind"),
    ('kind = "semiconductor"', 'kind = "paper"', r"media\[2\].kind must be one of"),
    ('in_force = "2027-01-01"', 'in_force = "2027-13-01"', "in_force must be a day"),
    ("verification = true", "verification = 1", "verification must be true or false"),
    ("verification = true", "verified = true", "verification is missing"),
    ("verification = true", "verification = true\nextra = 1", "extra is not a key"),
    ('known = "press"', 'known = "rumour"', "known must be one of"),
    ('accepts = { overwrite = "clear" }', "accepts = {}", r"media\[1\].accepts must name a technique"),
    ('accepts = { overwrite = "clear" }', 'accepts = { magnet = "clear" }', r"media\[1\].accepts.magnet must be one of"),
    ('accepts = { overwrite = "clear" }', 'accepts = { overwrite = "clean" }', r"media\[1\].accepts.overwrite must be one of"),
    ('platforms = ["iphone"]', 'platforms = ["nokia"]', r"rows\[8\].platforms may hold"),
    ('route = "tool_log"', 'route = "hope"', r"rows\[1\].route must be one of"),
    ('id = "pc_ssd"', 'id = "pc_hdd"', "rows names one row twice"),
    ('sources = ["S1", "S9"]', 'sources = ["S1", "S99"]', "pc_other names a source"),
    ('verdict = "pass"', 'verdict = "pass"\nreasons = ["errors"]', r"examples\[1\].reasons a pass has none"),
    ('reasons = ["verify_only"]', "reasons = []", r"examples\[3\].reasons a pass has none"),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS, ids=[new.splitlines()[-1] for _, new, _ in SLIPS])
def test_a_slip_of_the_pen_is_named(old: str, new: str, said: str, tmp_path: Path):
    text = CN.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / CN.name
    path.write_text(text, encoding="utf-8")
    assert read_profile(path) == get_profile("CN-GB46864-2025")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadDataFile, match=said):
        read_profile(path)


def test_a_profile_without_any_rule_is_refused(tmp_path: Path):
    path = tmp_path / CN.name
    text = CN.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[[media]]")] + text[text.index("[[sources]]") :], encoding="utf-8")
    with pytest.raises(BadDataFile, match="media"):
        read_profile(path)
