"""Phrases that are void in a shop's own words, whatever else they say. Each with the rule that voids it. Negated ("we claim no
final interpretation") they are fine; so is what the law itself excuses, such as force majeure or natural wear."""

import re
import unicodedata
from typing import Final

from core.i18n import N_

_DENIED: Final = re.compile(r"(不|没有|无|never|no|not|donot|dont|without)[^。；;.!！]{0,8}$")
_CIVIL, _COURT = N_("Civil Code, articles 497 and 506"), N_("Supreme People's Court, 法释〔2022〕8号, article 1")
VOID: Final = (
    ("final_say", r"(最终|单方|全部|一切)的?解释权|解释权.{0,4}(归|属).{0,8}(所有|本店|店方|我方)", _COURT),
    ("final_say", r"(final|sole)(right(of|to)|power(of|to))?interpret", _COURT),
    ("signed_is_accepted", r"(签收|收货|签字|取走)(后)?(即|就)?视为(认可|接受|同意|质量合格)", _COURT),
    ("no_complaint", r"(不得|不能|无权|放弃)(向.{0,10})?(投诉|举报|起诉|诉讼|仲裁|申请调解)", _COURT),
    ("no_complaint", r"(maynot|waives?therightto|norightto)(complain|sue|report|arbitrat)", _COURT),
    ("no_liability", r"(概不|一概不|均不|一律不)(负责|赔偿|承担|赔付|退还|退换)", _CIVIL),
    ("no_liability",
     r"不(承担|负)(任何|一切|全部|所有)的?(责任|赔偿)|(丢失|遗失|损坏|被盗)(后)?(本店)?(不赔|不予赔偿|不负责)", _CIVIL),
    ("no_liability",
     r"(noliability|notliable|notresponsible)(whatsoever|ofanykind|foranyloss|foranydamage|inanycase|forlossordamage)", _CIVIL),
    ("forfeited",
     r"(逾期|过期|超期|到期)(未(取|领|提)[^。；]{0,8})?[^。；]{0,10}(视为放弃|自动放弃|归本店|归店方|归我方)", _CIVIL),
    ("forfeited", r"(becomes?|is|are)(the)?(property|possession)oftheshop|forfeit", _CIVIL),
    ("sole_change", r"(本店|店方|我方)(有权|可以?)(随时|单方)[^。；]{0,6}(修改|变更|调整)(本?协议|条款|佣金|规则)", _CIVIL),
)  # fmt: skip


def folded(text: str) -> str:
    """Half width, lower case, without spaces and the marks that people put between letters to hide a word."""
    return re.sub(r"[\s、,，:：'\"“”‘’·*_-]+", "", unicodedata.normalize("NFKC", text).lower())


def void_phrases(text: str) -> list[tuple[str, str, str]]:
    """(code, the phrase as it was found, its source) for each void phrase, in the order of the text."""
    plain = folded(text)
    found = {
        hit.start(): (code, hit[0], source)
        for code, pattern, source in VOID
        for hit in re.finditer(pattern, plain)
        if not _DENIED.search(plain[: hit.start()])
    }
    return [found[place] for place in sorted(found)]
