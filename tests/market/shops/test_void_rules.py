"""Void phrases in a shop's rules, and the honest sentences beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data_files import BadDataFile
from core.folding_rules import letters
from market.shops.void import void_phrases
from market.shops.void_rules import check, spaced, squeezed

VOID = {
    "last_word": ["本店拥有最终解释权", "最终解释权归本店所有", "一切解释权归商家", "本活动解释权属于我店", "以本店解释为准", "The shop has the final right of interpretation"],
    "received_is_fine": ["签收即视为认可质量", "签收后即视为商品质量合格", "确认收货代表您已认可商品完好", "离店即视为满意", "Receipt counts as acceptance of quality"],
    "no_return": ["概不退换", "商品一经售出，概不退换", "特价商品不退不换", "恕不退货", "一律不予退款", "售出不退", "无论任何原因不予退款",
                  "所有商品均不支持七天无理由退货", "All sales final", "No refunds", "Goods once sold cannot be returned"],
    "opened_no_return": ["拆封后不予退换", "开箱即视为已使用", "已拆封的一律不退", "Opened goods cannot be returned"],
    "no_claims": ["顾客不得投诉", "自愿放弃一切索赔权利", "不得向有关部门举报", "概不受理投诉", "The buyer waives all claims"],
    "no_liability": ["丢失概不负责", "本店不承担任何责任", "一切后果由寄售人自行承担", "We accept no liability"],
    "forfeited": ["逾期未取视为放弃", "超期物品归本店所有", "到期未领的，一律由本店处理", "Unclaimed things become the property of the shop"],
    "changed_at_will": ["本店有权随时修改本规则", "规则变更恕不另行通知", "We may change these rules at any time without notice"],
}  # fmt: skip
HONEST = [
    "拆封后不影响退货", "本店不主张最终解释权", "本店没有“最终解释权”", "签收不代表认可质量，发现问题请联系我们", "签收即视为已收到货物", "我们从不写“概不退换”",
    "“概不退换”的条款无效", "音像制品拆封后不退换", "定制商品不适用七日无理由退货", "到店购买的商品，如无质量问题不退换", "七日内可以无理由退货，商品完好即可",
    "因不可抗力造成的延误，双方互不承担责任", "本店不得以任何理由拒绝退货", "我们不会拒绝退货", "如有争议，可以投诉、申请仲裁，也可以起诉", "最终价格以结算单为准",
    "有争议的，按法律和合同解释", "营业时间可随时调整，提前一天公布", "退换货运费由本店承担", "寄售人可随时取回商品", "质量问题一律包退包换", "本店对丢失的寄售商品负责赔偿",
    "寄售人放弃领取的商品可以捐赠", "逾期未取的，本店先通知，再依法提存", "到期的商品由本店通知寄售人取回", "寄售人可以向平台投诉", "Opened goods can be returned within seven days", "We do not claim any final right of interpretation",
    "There are no return fees", "You may complain to the consumer association at any time", "All sales come with a receipt",
]  # fmt: skip
EACH = [(code, one) for code, phrases in VOID.items() for one in phrases]
CHINESE = [(code, one) for code, one in EACH if not one.isascii()]


@pytest.mark.parametrize(("code", "phrase"), EACH)
def test_a_void_phrase_is_found_with_its_reason_and_source(code, phrase):
    found = check(f"一、欢迎光临。\n二、{phrase}。\n三、谢谢！")
    assert code in {one.code for one in found}
    for one in found:
        assert one.phrase and one.why.zh and one.why.en and one.source.zh and one.source.en


@pytest.mark.parametrize("sentence", HONEST)
def test_an_honest_sentence_beside_it_passes(sentence):
    assert check(f"一、欢迎光临。\n二、{sentence}。\n三、谢谢！") == []


@pytest.mark.parametrize("sentence", [
    "讲价一律拒绝，概不退换", "退货请求一律拒绝，概不退换。", "本店拒绝：概不退换", "顾客无权，概不退换", "No, all sales are final", "概不退换一律无效退款",
])  # fmt: skip
def test_a_no_of_another_clause_doesnt_excuse_it(sentence):
    """Twins: 本店没有“最终解释权” and “概不退换”的条款无效 stand among the honest ones above."""
    assert check(sentence)


def test_every_phrase_of_the_list_has_a_story_here():
    assert {one.code for one in void_phrases().all} == set(VOID)


@pytest.mark.parametrize("hidden", [
    "最 终 解 释 权归本店", "最\u200b终\u200b解\u200b释权归本店", "最·终·解·释·权", "“最终”解释“权”归本店", "最\n终\n解\n释\n权\n归\n本\n店", "本活動最終解釋權歸本店所有",
    "最，终，解，释，权归本店", "慨不退换", "概.不.退.换", "概　不　退　换", "概不退換", "ＡＬＬ ＳＡＬＥＳ ＦＩＮＡＬ", "F i n a l interpretation belongs to us", "Nо refunds", "不好意思！概！不！退！换！", "不得不说概不退换",
])  # fmt: skip
def test_spacing_punctuation_and_look_alikes_dont_hide_it(hidden):
    assert check(hidden)


@given(st.sampled_from(CHINESE), st.text(alphabet=" \t·*_-，、“”（）\u200b\u3000", min_size=1, max_size=3))
def test_nothing_put_between_its_signs_hides_a_chinese_phrase(one, between):
    code, phrase = one
    assert code in {found.code for found in check(between.join(phrase))}


@given(st.lists(st.sampled_from(HONEST), min_size=1, max_size=8))
def test_honest_sentences_stay_honest_together(sentences):
    assert check("。\n".join(sentences)) == []


@given(st.sampled_from(CHINESE), st.lists(st.sampled_from(HONEST), max_size=4))
def test_a_void_phrase_is_found_among_honest_ones_where_it_stands(one, honest):
    code, phrase = one
    text = "。\n".join([*honest, phrase, *honest])
    found = [each for each in check(text) if each.code == code]
    assert found and all(text[each.start :].replace("\n", " ").startswith(each.phrase[:2]) for each in found)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_answered(text):
    for one in check(text):
        assert one.phrase and 0 <= one.start < len(text)


def test_what_speaks_against_another_thing_doesnt_save_it():
    assert check("本店没有停车位，概不退换") and check("We do not like complaints: no refunds")


def test_a_bad_data_file_is_refused(tmp_path):
    head = 'before = ["a"]\nafter = ["b"]\n'
    row = '[[phrases]]\ncode = "x"\nwhy = { zh = "甲", en = "a" }\nsource = { zh = "乙", en = "b" }\npatterns = ["x"]\nenglish = ["y"]\n'
    for name, text in {
        "fine": f"{head}[twins]\n{row}", "no_pattern": f"{head}[twins]\n{row}".replace('["x"]', '["("]'), "again": f"{head}[twins]\n{row}{row}",
        "two": f'{head}[twins]\n"不" = "丕"\n"否" = "丕"\n{row}',
    }.items():  # fmt: skip
        file = tmp_path / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        if name == "fine":
            assert len(void_phrases(file).all) == 1
        else:
            with pytest.raises(BadDataFile):
                void_phrases(file)


def test_the_two_readings_keep_each_signs_place():
    read = letters("Don’t – pay, 概 不\u3000退!")
    words, signs = spaced(read), squeezed(read, {ord("退"): "推"})
    assert words.text == "don't pay 概 不 退 " and signs.text == "dontpay概不推"
    assert words.span(words.text.index("pay"), words.text.index("pay") + 3) == (8, 11)
    assert [read.text[at] for at in signs.places] == list("dontpay概不退") and signs.places == tuple(sorted(signs.places))


@pytest.mark.parametrize(("text", "phrases"), [
    ("概不退换。概不退换", ["概不退换", "概不退换"]), ("请看：概不退换", ["概不退换"]), ("No refunds. All sales final.", ["No refunds", "All sales final"]),
    ("We never say so. No refunds", ["No refunds"]), ("We won't. No refunds. Ever", ["No refunds"]), ("所有商品概不退换货", ["所有商品概不退换"]),
    ("Don`t say no refunds", []), ("We don’t say all sales final", []),
])  # fmt: skip
def test_findings_name_exactly_what_was_typed(text, phrases):
    found = [one for one in check(text) if one.code == "no_return"]
    assert [one.phrase for one in found] == phrases
    assert all(text[one.start : one.start + len(one.phrase)] == one.phrase for one in found)


def test_findings_stand_in_the_order_of_the_text():
    found = check("丢失概不负责。本店拥有最终解释权。概不退换。")
    assert [one.code for one in found] == ["no_liability", "last_word", "no_return"]
    assert [one.start for one in found] == sorted(one.start for one in found)


def test_other_phrases_than_the_houses_can_be_looked_for(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        'before = ["没有$"]\nafter = ["^无效"]\n[twins]\n[[phrases]]\ncode = "x"\nwhy = { zh = "甲", en = "a" }\nsource = { zh = "乙", en = "b" }\n'
        'whole = ["霸王"]\npatterns = ["条款甲"]\nenglish = ["clause a"]\nallow = ["好的条款甲"]\n', encoding="utf-8",
    )  # fmt: skip
    own = void_phrases(file)
    for text, found in (("条款甲", 1), ("好的条款甲", 0), ("没有条款甲", 0), ("条款甲无效", 0), ("没有。条款甲", 1), ("条款甲。无效", 1), ("霸\n王", 1),
                        ("Clause A", 1), ("概不退换", 0), ("好的条款甲和条款甲", 1), ("好的条款 甲", 0)):  # fmt: skip
        assert len(check(text, own)) == found, text
