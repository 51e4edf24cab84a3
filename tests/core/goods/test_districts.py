"""Districts: codes that stand once, names in both languages, and a page that never breaks over a stranger."""

from pathlib import Path

import pytest

from core.data_files import BadDataFile
from core.goods.districts import all_districts, district_name, find_district

PLACE = 'source = "a test"\n[[districts]]\ncode = "330106"\nname = { zh = "西湖区", en = "Xihu" }\n'


def test_the_city_is_whole() -> None:
    codes = [district.code for district in all_districts()]
    assert len(codes) == len(set(codes)) >= 13
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert sum(code.startswith("3301") for code in codes) == 13
    assert all(district.name.zh and district.name.en.isascii() for district in all_districts())


def test_a_name_for_every_code() -> None:
    assert district_name("330106", "zh") == "西湖区" and district_name("330106", "en") == "Xihu"
    assert district_name("999999", "zh") == "999999" and find_district("999999") is None


def test_a_slip_in_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "districts.toml"
    file.write_text(PLACE, encoding="utf-8")
    assert [district.code for district in all_districts(file)] == ["330106"]
    broken = tmp_path / "broken.toml"
    broken.write_text(PLACE.replace("en =", "fr ="), encoding="utf-8")
    with pytest.raises(BadDataFile, match="name.en is missing"):
        all_districts(broken)
