"""Category cards: one file per category, complete in both languages, refused when it contradicts itself."""

import re
from pathlib import Path

import pytest

from core.data_files import BadDataFile, Bilingual, text
from core.errors import NotFound
from core.goods import words
from core.goods.cards import FOLDER, Card, all_cards, find_card, get_card, read_card

EVERY = all_cards(environ={})
CODES = (
    "phone tablet laptop desktop bare_drive wearable camera game_console printer router "
    "home_appliance furniture clothing book other"
)

GRADED = [
    "phone", "tablet", "laptop", "desktop", "wearable", "camera", "game_console", "home_appliance", "furniture", "clothing",
    "book",
]  # fmt: skip

LAMP = """
code = "lamp"
names = { zh = "台灯", en = "Lamp" }
icon = "lamp"
sort = 500
data_bearing = false
device_class = "none"
wipe_route = "none"
new_needs_proof = true
steps = ["intake", "check", "list"]

[[photos]]
code = "front"
prompt = { zh = "正面", en = "Front" }
required = true

[[attributes]]
code = "watts"
name = { zh = "功率", en = "Power" }
kind = "number"
unit = { zh = "瓦", en = "W" }
least = 1
most = 100

[[disclosures]]
code = "repaired"
question = { zh = "是否维修过？", en = "Has it been repaired?" }
"""

E_READER = """
code = "e_reader"
names = { zh = "电子书阅读器", en = "E-book reader" }
icon = "tablet"
sort = 25
data_bearing = true
device_class = "consumer_electronics"
wipe_route = "tool_log"
new_needs_proof = true
steps = ["intake", "check", "wipe", "verify", "list"]

[media]
kinds = ["emmc"]
least = 1
most = 2
prompt = { zh = "几块存储？", en = "How many media?" }
"""


def card_from(folder: Path, content: str, name: str = "lamp.toml") -> Card:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_card(path)


def test_the_categories_of_the_house() -> None:
    assert " ".join(card.code for card in EVERY) == CODES


@pytest.mark.parametrize("card", EVERY, ids=lambda card: card.code)
def test_a_card_speaks_both_languages(card: Card) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")

    def bilinguals(value: object) -> list[Bilingual]:
        if isinstance(value, Bilingual):
            return [value]
        if isinstance(value, tuple):
            return [found for part in value for found in bilinguals(part)]
        slots = getattr(type(value), "__slots__", ())
        return [found for slot in slots if slot != "__dict__" for found in bilinguals(getattr(value, slot))]

    found = bilinguals(card)
    assert len(found) > 10
    for words_ in found:
        assert words_.zh and words_.en
        assert not chinese.search(words_.en), words_.en


@pytest.mark.parametrize("card", EVERY, ids=lambda card: card.code)
def test_what_holds_data_is_wiped_and_verified_before_it_is_listed(card: Card) -> None:
    steps = list(card.steps)
    if card.data_bearing:
        assert steps.index("wipe") < steps.index("verify") < steps.index("list")
        assert card.wipe_route in ("tool_log", "checklist") and card.media.least >= 1
    else:
        assert "wipe" not in steps and "verify" not in steps


def test_routes_and_standards() -> None:
    assert {card.code for card in EVERY if card.wipe_route == "tool_log"} == {
        "laptop",
        "desktop",
        "bare_drive",
    }
    # a television, a smart bed: no list fits them all, so they wait
    assert {card.code for card in EVERY if card.wipe_route == "waiting"} == {"home_appliance", "furniture"}
    graded = {card.code: card.grading_standard for card in EVERY if card.grading_standard}
    assert graded == {code: f"xunshi-{code.removeprefix('home_').removeprefix('game_')}" for code in GRADED}
    assert get_card("laptop").grading_standard == "xunshi-laptop"
    assert {card.code for card in EVERY if card.smart} == {"home_appliance", "furniture", "other"}


@pytest.mark.parametrize("card", EVERY, ids=lambda card: card.code)
def test_old_is_never_sold_as_new(card: Card) -> None:
    """City plan HZ 一(三)3: "new" needs proof; electronics say who refurbished them."""
    assert card.new_needs_proof
    assert any(disclosure.code == "repaired" for disclosure in card.disclosures) or card.code == "bare_drive"
    if card.data_bearing or card.smart:
        refurbished = card.find_disclosure("refurbished")
        assert refurbished and refurbished.detail and refurbished.detail_required
    assert any(photo.required for photo in card.photos)


def test_finding_on_a_card() -> None:
    phone = get_card("phone")
    imei = phone.find_identifier("imei")
    assert imei and imei.required and imei.most == 2
    version = phone.find_attribute("version")
    mainland = version and version.find_choice("mainland")
    assert mainland and text(mainland.name, "zh") == "国行"
    assert phone.find_photo("front") and not phone.find_photo("engine")
    assert phone.find_attribute("engine") is None and phone.find_disclosure("engine") is None
    assert phone.media_types == {"semiconductor"}
    assert get_card("laptop").media_types == {"magnetic", "semiconductor", "unknown"}


def test_find_may_say_none_and_get_may_not() -> None:
    assert find_card("spaceship") is None
    with pytest.raises(NotFound):
        get_card("spaceship")


def test_text_in_the_readers_language() -> None:
    both = Bilingual(zh="手机", en="Phone")
    assert [text(both, language) for language in ("zh", "zh_CN", "en", "en-GB", "EN", "fr")] == [
        "手机",
        "手机",
        "Phone",
        "Phone",
        "Phone",
        "手机",
    ]


def test_a_category_is_added_by_a_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "e_reader.toml").write_text(E_READER, encoding="utf-8")
    assert [card.code for card in all_cards(tmp_path, environ={})][2] == "e_reader"
    assert find_card("e_reader") is None
    monkeypatch.setenv("XUNSHI_CARDS", str(tmp_path))
    assert text(get_card("e_reader").names, "en") == "E-book reader"
    assert find_card("lamp", tmp_path) is None


def test_folders_must_be_there_and_codes_stand_once(tmp_path: Path) -> None:
    with pytest.raises(BadDataFile, match="no folder"):
        all_cards(tmp_path / "nowhere", environ={})
    (tmp_path / "phone.toml").write_text((FOLDER / "phone.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(BadDataFile, match="phone stands in two files"):
        all_cards(tmp_path, environ={})


def test_a_plain_card_is_read_whole(tmp_path: Path) -> None:
    lamp = card_from(tmp_path, LAMP)
    watts = lamp.find_attribute("watts")
    assert watts and (watts.least, watts.most, watts.decimals) == (1, 100, 0)
    assert not watts.required and not watts.searchable
    assert lamp.disclosures[0].kind == "yes_no" and lamp.disclosures[0].detail is None
    assert lamp.identifiers == () and not lamp.media.asked and lamp.grading_standard == ""
    reader = card_from(tmp_path, E_READER, "e_reader.toml")
    assert reader.media.asked and reader.media.kinds == ("emmc",) and reader.media.most == 2


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('code = "lamp"', 'code = "Lamp"', "code must be a code"),
        ('code = "lamp"', 'code = "light"', "code must be the file's name"),
        ('names = { zh = "台灯", en = "Lamp" }', 'names = { zh = "台灯" }', "names.en is missing"),
        ('en = "Lamp"', 'en = " "', "names needs a zh and an en"),
        ("sort = 500", 'sort = "500"', "sort must be a whole number"),
        ("sort = 500", "sort = true", "sort must be a whole number"),
        ("sort = 500", "sort = -1", "sort must be at least 0"),
        ("data_bearing = false", "data_bearing = 0", "data_bearing must be true or false"),
        ('device_class = "none"', 'device_class = "toys"', "device_class must be one of"),
        ('device_class = "none"', "", "device_class is missing"),
        ('wipe_route = "none"', 'wipe_route = "waiting"', "wipe_route must be none exactly"),
        ("data_bearing = false", "data_bearing = true", "wipe_route must be none exactly"),
        ('["intake", "check", "list"]', '["check", "intake", "list"]', "steps must begin with intake"),
        ('["intake", "check", "list"]', '["intake", "check"]', "steps must begin with intake"),
        (
            '["intake", "check", "list"]',
            '["intake", "wipe", "list"]',
            "steps must hold wipe and verify exactly",
        ),
        ('["intake", "check", "list"]', '["intake", "grade", "list"]', "steps must hold grade exactly"),
        ('["intake", "check", "list"]', '["intake", "sell", "list"]', "steps may hold"),
        ('["intake", "check", "list"]', '["intake", "list", "list"]', "steps names something twice"),
        ('["intake", "check", "list"]', '["intake", ""]', "steps must be a list of texts"),
        ('["intake", "check", "list"]', '"intake"', "steps must be a list of texts"),
        ('icon = "lamp"', 'icon = "lamp"\ncolour = "red"', "colour is not a key"),
        ('kind = "number"', 'kind = "money"', r"attributes\[1\].kind must be one of"),
        ('kind = "number"', 'kind = "choice"', r"attributes\[1\].choices belong to kind choice"),
        ('kind = "number"', 'kind = "text"', r"attributes\[1\].kind must be number"),
        ("least = 1\nmost = 100", "most = 100", r"attributes\[1\].least and most are needed"),
        ("least = 1\nmost = 100", "least = 1", r"attributes\[1\].least and most are needed"),
        ("least = 1", "least = 101", r"attributes\[1\].least and most are needed"),
        ("required = true", 'required = "yes"', r"photos\[1\].required must be true or false"),
        ('prompt = { zh = "正面", en = "Front" }', 'prompt = "Front"', r"photos\[1\].prompt must be a table"),
        (
            'question = { zh = "是否维修过？"',
            'detail_required = true\nquestion = { zh = "x"',
            r"disclosures\[1\].detail is",
        ),
        ("[[photos]]", "[photos]", "photos must be a list of tables"),
        ('icon = "lamp"', "icon = lamp", "can't be read"),
    ],
)
def test_a_slip_in_a_card_is_named(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in LAMP
    with pytest.raises(BadDataFile, match=rf"^lamp.toml: {place}"):
        card_from(tmp_path, LAMP.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("least = 1", "least = 3", r"media.least must not be more"),
        ("most = 2", "most = 0", r"media.most must be at least 1"),
        ('["emmc"]', "[]", r"media.kinds must name at least one"),
        ('["emmc"]', '["floppy"]', r"media.kinds may hold"),
        ('device_class = "consumer_electronics"', 'device_class = "none"', "device_class must not be none"),
        ('wipe_route = "tool_log"', 'wipe_route = "none"', "wipe_route must be none exactly"),
        ('"wipe", "verify", ', '"wipe", ', "steps must hold wipe and verify exactly"),
        ('"wipe", "verify", ', "", "steps must hold wipe and verify exactly"),
    ],
)
def test_a_card_of_a_data_bearing_thing_agrees_with_itself(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in E_READER
    with pytest.raises(BadDataFile, match=f"^e_reader.toml: {place}"):
        card_from(tmp_path, E_READER.replace(old, new, 1), "e_reader.toml")


def test_a_data_bearing_card_says_what_storage_is_inside(tmp_path: Path) -> None:
    with pytest.raises(BadDataFile, match="media must be there exactly when"):
        card_from(tmp_path, E_READER.split("[media]")[0], "e_reader.toml")
    with pytest.raises(BadDataFile, match="media must be there exactly when"):
        card_from(tmp_path, LAMP + "[media]" + E_READER.split("[media]")[1])


SMART = """
[smart]
question = { zh = "能存数据吗？", en = "Can it hold data?" }
help = { zh = "例如带音箱", en = "For example with a speaker" }
device_class = "consumer_electronics"

[smart.media]
kinds = ["flash"]
least = 1
most = 1
prompt = { zh = "几块？", en = "How many?" }
"""


def test_a_smart_lamp_asks_first(tmp_path: Path) -> None:
    smart_lamp = LAMP.replace('wipe_route = "none"', 'wipe_route = "waiting"') + SMART
    assert card_from(tmp_path, smart_lamp).smart is not None
    with pytest.raises(BadDataFile, match="wipe_route"):
        card_from(tmp_path, LAMP + SMART)
    with pytest.raises(BadDataFile, match="smart.media is missing"):
        card_from(tmp_path, smart_lamp.split("[smart.media]")[0])
    with pytest.raises(BadDataFile, match="smart.device_class must be one of"):
        card_from(tmp_path, smart_lamp.replace('"consumer_electronics"', '"none"'))
    with pytest.raises(BadDataFile, match="smart is only for what holds data sometimes"):
        card_from(tmp_path, E_READER + SMART, "e_reader.toml")


@pytest.mark.parametrize("key", ["photos", "attributes", "disclosures"])
def test_nothing_stands_twice_on_a_card(tmp_path: Path, key: str) -> None:
    block = next(part for part in LAMP.split("[[") if part.startswith(key))
    with pytest.raises(BadDataFile, match=f"{key} have .* twice"):
        card_from(tmp_path, LAMP + "\n[[" + block)


def test_choices_stand_once_and_numbers_of_a_kind_too(tmp_path: Path) -> None:
    choice = '{ code = "warm", name = { zh = "暖", en = "Warm" } }'
    light = '\n[[attributes]]\ncode = "light"\nname = { zh = "光", en = "Light" }\nkind = "choice"\n'
    assert card_from(tmp_path, LAMP + light + f"choices = [{choice}]")
    with pytest.raises(BadDataFile, match="choices have warm twice"):
        card_from(tmp_path, LAMP + light + f"choices = [{choice}, {choice}]")
    serial = '\n[[identifiers]]\nkind = "serial"\nrequired = false\nwhere = { zh = "底座", en = "On the foot" }\n'
    found = card_from(tmp_path, LAMP + serial).find_identifier("serial")
    assert found and not found.required and found.most == 1
    with pytest.raises(BadDataFile, match="identifiers have serial twice"):
        card_from(tmp_path, LAMP + serial + serial)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lamp.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadDataFile, match="can't be read"):
        read_card(tmp_path / "lamp.toml")
    with pytest.raises(BadDataFile, match="can't be read"):
        read_card(tmp_path / "none.toml")


def test_every_kind_of_storage_has_its_medium() -> None:
    assert set(words.MEDIUM_OF) == set(words.MEDIA_KINDS)
    assert words.MEDIUM_OF["hdd"] == "magnetic" and words.MEDIUM_OF["nvme"] == "semiconductor"
    assert words.MEDIUM_OF["hybrid"] == "magnetic" and words.MEDIUM_OF["unknown"] == "unknown"
