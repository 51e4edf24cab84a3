"""Which rows of digits are a mobile number or a bank card, and which are the number of a thing, a parcel or a book. Pure.

Mobile: 1[3-9] and nine more (national numbering plan), with +86, 0086 or 86 before it, or + and another country's code.
Card: 16 to 19 digits of a card scheme (UnionPay 62, ISO/IEC 7812) with a right check digit (Luhn); 15 for 34 and 37."""

import re
from collections.abc import Iterator

from core.folding_rules import Reading

_ROW = re.compile(r"\+?\d+(?:[ \-.,·/|_*~()、—–]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")
_MOBILE = re.compile(r"(?:0086|86)?1[3-9]\d{9}")
_ABROAD = re.compile(r"\d{9,14}")
_SCHEME = re.compile(r"62\d{14,17}|60\d{17}|4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|35\d{14}|9558\d{15}|3[47]\d{13}")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])\d{2}")
# what stands before the number of a thing, a parcel, an order or a book
_LABELS = (
    r"imei|meid|isbn|s/?n|serial(?: (?:no|number))?|tracking(?: (?:no|number))?|order(?: (?:no|number))?|barcode|"
    r"model(?: (?:no|number))?|part(?: (?:no|number))?|p/n|art(?:icle)?\.? (?:no|number)|item (?:no|number)|sku|ean|upc|"
    r"型号|款号|品号|料号|零件号|批号|证号|"
    r"序列号|串号|串码|机身号|设备号|识别码|编号|单号|运单|订单号?|物流号?|快递|条形码|条码|书号|邮编|货号|"
    r"(?:sf|yt|yd|jd|jt|zto|sto|ems|顺丰|圆通|中通|申通|韵达|极兔|京东|邮政)"
)
_LABEL = re.compile(rf"(?:{_LABELS})(?:号码?|码)?(?:尾号)?\s*[:#.]?\s*(?:是|为|is|no\.?|number)?\s*[:#]?\s*$")
_CALLS = re.compile(r"(?:tel|phone|mobile|cell|call|text|vx|wx|v|q|qq|wechat|weixin|whatsapp|no|num)$")
_JOINED = re.compile(r"[a-z0-9_\-]*[a-z][a-z0-9_\-]*$")


def mobiles(reading: Reading) -> Iterator[tuple[int, int]]:
    """Start and end of each mobile number in the reading of numbers."""
    for groups in _rows(reading):
        taken = 0
        for first in range(len(groups)):
            if first < taken:
                continue
            for last in range(first, min(first + 12, len(groups))):
                start, end = groups[first][0], groups[last][1]
                digits = "".join(reading.text[one:two] for one, two in groups[first : last + 1])
                abroad = start > 0 and reading.text[start - 1] == "+"
                if len(digits) > 15:
                    break
                fits = _MOBILE.fullmatch(digits) or (abroad and last == len(groups) - 1 and _ABROAD.fullmatch(digits))
                if fits and not _is_date(reading.text[start:end], digits) and not _named(reading.text, start, end):
                    yield start, end
                    taken = last + 1
                    break


def cards(reading: Reading) -> Iterator[tuple[int, int]]:
    """Start and end of each bank card number."""
    for groups in _rows(reading):
        for first in range(len(groups)):
            for last in range(first, min(first + 19, len(groups))):
                start, end = groups[first][0], groups[last][1]
                digits = "".join(reading.text[one:two] for one, two in groups[first : last + 1])
                if len(digits) > 19:
                    break
                if _SCHEME.fullmatch(digits) and luhn(digits) and not _named(reading.text, start, end):
                    yield start, end


def _rows(reading: Reading) -> Iterator[list[tuple[int, int]]]:
    """The groups of digits of each row: start and end."""
    for row in _ROW.finditer(reading.text):
        yield [(row.start() + one.start(), row.start() + one.end()) for one in _GROUP.finditer(row[0])]


def luhn(digits: str) -> bool:
    """Is the last digit the check digit of the others (ISO/IEC 7812-1)?"""
    doubled = (sum(divmod(2 * int(one), 10)) for one in digits[-2::-2])
    return (sum(int(one) for one in digits[-1::-2]) + sum(doubled)) % 10 == 0


def _named(text: str, start: int, end: int) -> bool:
    """Does a label before it, or a letter joined to it, say that this is the number of something else?"""
    before = text[max(0, start - 24) : start].rstrip("+(")
    if end < len(text) and text[end].isascii() and text[end].isalpha():
        return True
    if _LABEL.search(before):
        return True
    joined = _JOINED.search(before)
    return bool(joined and joined[0] and not _CALLS.search(joined[0]))


def _is_date(written: str, digits: str) -> bool:
    """1999-10-10 … is a day, though it begins like a mobile number; nobody writes one in groups of 4, 2 and 2."""
    return not written.isdigit() and bool(_DATE.match(digits)) and bool(re.match(r"\d{4}\D{1,3}\d{1,2}\D", written))
