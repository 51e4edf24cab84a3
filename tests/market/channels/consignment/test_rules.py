"""Papers, names and accounts as people type them. Numbers are made up; check characters are reckoned by hand in the stories."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from market.channels.consignment import rules
from tests.consignor_stories import CARD, checked

TODAY = date(2026, 11, 30)
GRANDMA = checked("33010619520304752")


@pytest.mark.parametrize(("kind", "typed", "number", "born"), [
    ("resident_id", GRANDMA, GRANDMA, date(1952, 3, 4)), ("resident_id", f" {GRANDMA[:6]} {GRANDMA[6:14]}-{GRANDMA[14:]} ", GRANDMA, date(1952, 3, 4)),
    ("resident_id", "11010519491231002x", "11010519491231002X", date(1949, 12, 31)),  # the example of the standard GB 11643
    ("hmt_permit", "h12345678", "H12345678", None), ("hmt_permit", "M1234567890", "M1234567890", None), ("hmt_permit", "12345678", "12345678", None),
    ("hmt_permit", checked("81000019900101001"), checked("81000019900101001"), date(1990, 1, 1)),
    ("hmt_permit", checked("83000019900101001"), checked("83000019900101001"), date(1990, 1, 1)),
    ("passport", "e12345678", "E12345678", None), ("passport", "ＡＢ１２３", "AB123", None), ("passport", "123456789", "123456789", None),
    ("prc_card", "usa330100010101", "USA330100010101", None), ("prc_card", checked("93384019800229001"), checked("93384019800229001"), date(1980, 2, 29)),
    ("uscc", "91330106MA2GH71X0J", "91330106MA2GH71X0J", None),
])  # fmt: skip
def test_papers_are_read_as_people_type_them(kind, typed, number, born):
    paper = rules.read_paper(kind, typed)
    assert (paper.kind, paper.number, paper.born) == (kind, number, born)


@pytest.mark.parametrize(("kind", "typed", "said"), [
    ("resident_id", GRANDMA[:-1], "identity card"),
    ("resident_id", GRANDMA + "0", "identity card"), ("resident_id", "", "identity card"), ("resident_id", "😀" * 18, "identity card"),
    ("resident_id", checked("33010619521304752"), "identity card"), ("resident_id", checked("33010619520230752"), "identity card"),
    ("resident_id", checked("81000019900101001"), "identity card"), ("resident_id", "X" + GRANDMA[1:], "identity card"),
    ("hmt_permit", "H1234567", "permit"), ("hmt_permit", "H123456789", "permit"), ("hmt_permit", "T12345678", "permit"), ("hmt_permit", "1234567", "permit"),
    ("hmt_permit", GRANDMA, "permit"), ("hmt_permit", checked("84000019900101001"), "permit"), ("hmt_permit", "123456789", "permit"),
    ("passport", "E123", "passport"), ("passport", "E123456789", "passport"), ("passport", "ABCDEF", "passport"), ("passport", "E1234567!", "passport"),
    ("prc_card", "US330100010101", "such a card"), ("prc_card", "USA33010001010", "such a card"), ("prc_card", GRANDMA, "such a card"),
    ("uscc", GRANDMA, "social credit"),
])  # fmt: skip
def test_what_is_no_such_paper_is_told_at_the_field(kind, typed, said):
    with pytest.raises(Invalid) as no:
        rules.read_paper(kind, typed)
    assert (no.value.code, no.value.field) == ("paper_wrong", "paper_no") and said in no.value.sentence


def test_a_kind_that_nobody_offers_is_told_at_its_own_field():
    with pytest.raises(Invalid) as no:
        rules.read_paper("driving_licence", GRANDMA)
    assert (no.value.code, no.value.field) == ("paper_kind", "paper_kind")
    with pytest.raises(Invalid) as no:
        rules.read_paper("passport", "?", field="other")
    assert no.value.field == "other"


def test_every_paper_has_a_name_a_reader_and_a_sentence():
    assert set(rules.PAPERS) == set(rules.PAPER_WORDS) == set(rules._READERS) == set(rules._WRONG)
    assert set(rules.PAYOUTS) == set(rules.PAYOUT_WORDS) and rules.BODY in rules.PAPERS
    assert max(map(len, rules.PAPERS)) <= 12 and max(map(len, rules.DELEGATE_ENDS)) <= 10


@given(st.dates(date(1920, 1, 1), date(2008, 11, 30)), st.integers(0, 999))
def test_every_right_number_of_a_grown_up_is_taken_and_no_single_wrong_sign(born, nth):
    number = checked(f"330106{born:%Y%m%d}{nth:03d}")
    paper = rules.read_paper("resident_id", number.lower())
    rules.check_age(paper, TODAY, False)
    for place in range(6, 18):
        for sign in "0123456789":
            if sign != number[place]:
                with pytest.raises(Invalid):
                    rules.read_paper("resident_id", number[:place] + sign + number[place + 1 :])


@pytest.mark.parametrize(("born", "years"), [
    (date(2008, 11, 30), 18), (date(2008, 12, 1), 17), (date(2026, 11, 30), 0), (date(2026, 12, 1), -1), (date(2008, 2, 29), 18), (date(1896, 11, 30), 130),
])  # fmt: skip
def test_whole_years(born, years):
    assert rules.age(born, TODAY) == years


def papered(born):
    return rules.read_paper("resident_id", checked(f"330106{born:%Y%m%d}001"))


def test_who_turns_eighteen_today_may_and_who_does_tomorrow_may_not():
    rules.check_age(papered(date(2008, 11, 30)), TODAY, False)
    rules.check_age(papered(date(1896, 11, 30)), TODAY, False)
    with pytest.raises(Invalid, match="under_age") as no:
        rules.check_age(papered(date(2008, 12, 1)), TODAY, True)
    assert no.value.field == "paper_no" and "guardian" in no.value.sentence
    for odd in (date(2026, 12, 1), date(1895, 11, 30)):
        with pytest.raises(Invalid, match="paper_wrong") as no:
            rules.check_age(papered(odd), TODAY, False)
        assert no.value.field == "paper_no"
    rules.check_age(papered(TODAY.replace(year=2008)), TODAY, False)
    with pytest.raises(Invalid, match="under_age"):
        rules.check_age(papered(TODAY), TODAY, False)


def test_a_paper_that_tells_no_birthday_is_looked_at():
    paper = rules.read_paper("passport", "E12345678")
    with pytest.raises(Invalid, match="age_unseen") as no:
        rules.check_age(paper, TODAY, False)
    assert no.value.field == "of_age"
    rules.check_age(paper, TODAY, True)
    rules.check_age(rules.read_paper("uscc", "91330106MA2GH71X0J"), TODAY, False)


@given(st.sampled_from([("resident_id", GRANDMA), ("passport", "E12345678"), ("passport", "AB123"), ("hmt_permit", "12345678"), ("prc_card", "USA330100010101")]))
def test_no_mask_shows_the_last_four(one):
    paper = rules.read_paper(*one)
    assert len(paper.masked) == len(paper.number) and not set(paper.masked[-3:]) - {"*"} and paper.number[-3:] not in paper.masked


def test_masks_of_papers():
    assert rules.Paper("resident_id", GRANDMA).masked == "330" + "*" * 15
    assert rules.Paper("passport", "E12345678").masked == "E1*******" and rules.Paper("prc_card", "A" * 12).masked == "AAA" + "*" * 9


@pytest.mark.parametrize(("typed", "kind", "name", "masked"), [
    (" 林 ", "resident_id", None, ""), ("林娜", "resident_id", "林娜", "林*"), ("欧阳修", "resident_id", "欧阳修", "欧**"),
    ("阿卜杜拉·买买提", "resident_id", "阿卜杜拉·买买提", "阿***"), ("Ada  Love lace", "passport", "Ada Love lace", "A*** L*** l***"), ("Bo", "passport", "Bo", "B***"),
    ("杭州西湖旧货有限公司", "uscc", "杭州西湖旧货有限公司", "杭州西湖旧货有限公司"), ("司" * 41, "uscc", "司" * 41, "司" * 39 + "…"), ("司" * 40, "uscc", "司" * 40, "司" * 40),
    ("司" * 81, "uscc", None, ""), ("司" * 80, "uscc", "司" * 80, "司" * 39 + "…"), ("林" * 60, "passport", "林" * 60, "林***"), ("林" * 61, "passport", None, ""),
    ("林\u200b娜", "resident_id", None, ""), ("林13900001234", "resident_id", None, ""), ("a@b", "passport", None, ""), ("林123456", "passport", "林123456", "林***"),
])  # fmt: skip
def test_names_and_how_lists_show_them(typed, kind, name, masked):
    if name is None:
        with pytest.raises(Invalid) as no:
            rules.read_full_name(typed, kind)
        assert no.value.field == "name" and no.value.code in ("name_length", "name_signs")
    else:
        assert rules.read_full_name(typed, kind) == name and rules.masked_name(name, kind) == masked


@given(st.text(st.characters(codec="utf-8", categories=("L",)), min_size=2, max_size=60), st.sampled_from(rules.PAPERS))
def test_a_mask_always_fits_its_column(name, kind):
    assert 0 < len(rules.masked_name(name, kind)) <= 40
    assert len(rules.masked_name(" ".join(["abc"] * 20), "passport")) <= 40


@pytest.mark.parametrize(("typed", "number"), [
    (CARD, CARD), (" 6222 0200-0000 0000 000", CARD), ("６２２２０２０００００００００００００", CARD), ("12345678", "12345678"), ("9" * 32, "9" * 32),
    ("62" + "0" * 18, "62" + "0" * 18), ("62" + "1" * 13, "62" + "1" * 13), ("4" * 16, "4" * 16),
])  # fmt: skip
def test_accounts_are_read(typed, number):
    assert rules.read_account(typed) == number
    assert rules.masked_account(number) == "****" + number[-4:]


@pytest.mark.parametrize(("typed", "code"), [
    (CARD[:-1] + "1", "card_wrong"), ("62" + "1" * 14, "card_wrong"), ("1234567", "account_wrong"), ("9" * 33, "account_wrong"), ("DE89370400440532013000", "account_wrong"), ("", "account_wrong"),
    ("①②③④⑤⑥⑦", "account_wrong"),
])  # fmt: skip
def test_wrong_accounts_are_told(typed, code):
    with pytest.raises(Invalid) as no:
        rules.read_account(typed)
    assert (no.value.code, no.value.field) == (code, "payout_account")


@pytest.mark.parametrize(("typed", "number"), [
    ("C-0001", "C-0001"), ("c1", "C-0001"), ("  1 ", "C-0001"), ("123456", "C-123456"), ("C-123456", "C-123456"), ("ｃ－１", "C-0001"),
])  # fmt: skip
def test_a_file_is_looked_for_by_its_number(typed, number):
    assert rules.read_sought(typed) == rules.Sought("number", number=number)


def test_a_file_is_looked_for_by_contact_or_paper():
    assert rules.read_sought("139 0000 1234").contact.value == "13900001234" and rules.read_sought("a@b.cn").by == "contact"
    found = rules.read_sought(GRANDMA)
    assert found.by == "paper" and found.papers == (rules.Paper("resident_id", GRANDMA, date(1952, 3, 4)),)
    assert {one.kind for one in rules.read_sought("12345678").papers} == {"hmt_permit", "passport"}
    assert rules.read_sought("C12345678").papers == (rules.Paper("passport", "C12345678"),), "no file has so long a number"


@pytest.mark.parametrize("typed", ["", "林奶奶", "3301061952", "C-", "C-123456789", "%", "139 0000 1234 5"])
def test_parts_find_nothing(typed):
    with pytest.raises(Invalid) as no:
        rules.read_sought(typed)
    assert (no.value.code, no.value.field) == ("sought_wrong", "sought")


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_told(typed):
    for read in (rules.read_sought, rules.read_account, lambda one: rules.read_full_name(one, "passport")):
        try:
            read(typed)
        except Invalid as no:
            assert no.field
    assert rules.is_last_four(GRANDMA, typed) == (typed.strip() == GRANDMA[-4:]) or len(typed) > 4


def test_the_last_four():
    assert rules.is_last_four("33010619780912341X", " 341x ") and rules.is_last_four("E12345678", "５６７８") and rules.is_last_four("AB123", "B1-23")
    assert not any(rules.is_last_four("33010619780912341X", one) for one in ("", "1X", "41X", "2341X", "342X", "3301"))


def test_four_signs_are_four_letters_or_digits():
    assert [rules.read_four(one) for one in ("341x", " 34 1X ", "５６７８", "B1-23")] == ["341X", "341X", "5678", "B123"]
    for typed in ("", "1X", "34156", "34?1", "林奶奶家"):
        with pytest.raises(Invalid) as no:
            rules.read_four(typed)
        assert (no.value.code, no.value.field) == ("four_signs", "last_four")


@pytest.mark.parametrize(("kind", "number"), [
    ("resident_id", GRANDMA), ("hmt_permit", checked("81000019900101001")), ("prc_card", checked("91010619900101001")),
    ("uscc", "91330106MA2GH71X0J"),
])  # fmt: skip
def test_a_wrong_check_character_is_called_that(kind, number):
    assert rules.read_paper(kind, number).number == number
    for wrong, code in ((number[:-1] + ("1" if number[-1] != "1" else "2"), "paper_check"), (number[:-1], "paper_wrong"), (number + "1", "paper_wrong")):
        with pytest.raises(Invalid) as no:
            rules.read_paper(kind, wrong, "there")
        assert (no.value.code, no.value.field) == (code, "there")


def test_numbers_of_files():
    assert [rules.file_number(one) for one in (1, 9999, 10000)] == ["C-0001", "C-9999", "C-10000"]


@pytest.mark.parametrize(("act", "code", "field", "said"), [
    (lambda: rules.read_paper("x", "1"), "paper_kind", "paper_kind", "Choose the kind of paper that was shown."),
    (lambda: rules.check_age(rules.Paper("passport", "E1"), TODAY, False), "age_unseen", "of_age", "Look at the birthday on the paper, and say that the person is of age."),
    (lambda: rules.check_age(rules.Paper("resident_id", "1", date(2030, 1, 1)), TODAY, True), "paper_wrong", "paper_no",
     "The birthday in this number can't be right. Compare it with the paper."),
    (lambda: rules.check_age(rules.Paper("resident_id", "1", date(2012, 1, 1)), TODAY, True), "under_age", "paper_no",
     "Whoever is under 18 can't consign alone: a parent or another guardian has to bring the goods and open the file."),
    (lambda: rules.read_full_name("a", "passport"), "name_length", "name", "Write the name as it stands on the paper."),
    (lambda: rules.read_full_name("a@b", "passport"), "name_signs", "name", "This is no name. Write it as it stands on the paper."),
    (lambda: rules.read_account("1"), "account_wrong", "payout_account", "Write the number of the account or card: 8 to 32 digits."),
    (lambda: rules.read_account("62" + "1" * 14), "card_wrong", "payout_account", "This card number has a typing mistake. Compare it with the card."),
    (lambda: rules.read_sought("?"), "sought_wrong", "sought",
     "Type a file number, a whole mobile number or e-mail address, or the whole number of a paper: parts find nothing."),
])  # fmt: skip
def test_each_no_says_what_to_do_at_its_field(act, code, field, said):
    with pytest.raises(Invalid) as no:
        act()
    assert (no.value.code, no.value.field, no.value.sentence) == (code, field, said)


@pytest.mark.parametrize("sign", ["\x07", "\u200b", "\ue000", "\u0378", "\ud800"])
def test_signs_that_nobody_sees_are_in_no_name(sign):
    with pytest.raises(Invalid, match="name_signs"):
        rules.read_full_name(f"林{sign}娜", "resident_id")


def test_first_digits_of_regions():
    for first in "1234567":
        assert rules.read_paper("resident_id", checked(f"{first}1010619900101001")).born == date(1990, 1, 1)
    for first in "089":
        with pytest.raises(Invalid):
            rules.read_paper("resident_id", checked(f"{first}1010619900101001"))


def test_spaces_and_dashes_between_names_and_numbers():
    assert rules.read_full_name(" Ada\t \n Lovelace ", "passport") == "Ada Lovelace"
    assert rules.masked_name("a b c d e f g", "passport") == "a*** b*** c*** d*** e*** f***"
    assert rules.masked_name("Ada林", "passport") == "A***" and rules.masked_name("林 娜", "passport") == "林*** 娜***"
    assert rules.read_sought("c - 1 2").number == "C-0012" and rules.read_sought("138 0013 8000").by == "contact"
