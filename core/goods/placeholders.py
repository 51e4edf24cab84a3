"""What stands where a serial number should: fillers of makers, constants of USB bridges, counters that were never set. One list
for what people type and for what tools read. Standard library only: reading a file needs no more."""

import re
import unicodedata
from typing import Final

# Left by makers in SMBIOS and on labels, compared with everything but letters and digits taken out. Known from published
# inventories of computers (system, board, chassis); grows by reports.
_LEFT_IN = """
    TOBEFILLEDBYOEM TOBEFILLED FILLBYOEM FILLEDBYOEM OEM OEMSTRING OEMSERIAL DEFAULT DEFAULTSTRING
    DEFAULTSERIAL NONE NULL NIL NA NOTAPPLICABLE NOTAVAILABLE NOTSPECIFIED NOTDEFINED NOTSET NOTSETTABLE
    NOTPRESENT NOTREPORTED UNDEFINED UNSPECIFIED UNKNOWN INVALID EMPTY BLANK NOSERIAL NOSERIALNUMBER NOSN
    STANDARD SERIAL SERIALNO SERIALNUM SERIALNUMBER SN SYSTEMSERIAL SYSTEMSERIALNUMBER CHASSISSERIAL CHASSISSERIALNUMBER
    BASEBOARDSERIAL BASEBOARDSERIALNUMBER BOARDSERIAL BOARDSERIALNUMBER NOASSETINFORMATION NOASSETTAG
    TEST SAMPLE EXAMPLE DEMO ABCD1234 1234ABCD A1B2C3D4 AABBCCDDEEFF BSS0123456789
    SYSTEMPRODUCTNAME INNOTEKGMBH VIRTUALBOX QEMU VMWARE 无 没有 暂无 无序列号 不详 未知 不清楚
"""
# What bridges and adapters answer for every drive behind them, seen in published system logs
_BRIDGES = """
    0123456789ABCDEF 0123456789ABCDE 123456789ABCDEF 1234567890ABCDEF ABCDEF0123456789 ABCDEF1234567890 ABCDEF123456
    123456ABCDEF DB9876543214E 201503310007F 201503310008F
"""
PLACEHOLDERS: Final = frozenset(_LEFT_IN.split()) | frozenset(_BRIDGES.split())

_SHAPES = re.compile(
    r"DD564198838[0-9A-F]{1,3}"  # JMicron and its resellers
    r"|(?:0X)?0{9,}[0-9A-F]{1,3}"  # a counter that never counted: 000000000001
    r"|(?:20){4,}|(?:30){4,}"  # blanks, or zeros, printed as hexadecimal digits
    r"|QM0000[0-9]"  # what QEMU gives a disk that was given none
)
_LONG: Final = 8
_HEX_DIGITS: Final = "0123456789ABCDEF"
_HEX_RUN = re.compile(r"[0-9A-F]{8,}")
_PREFIX = re.compile(r"(?:0X|SN|NO|SERIAL|BSN|BSS)(?=[0-9]{6})")


def is_placeholder(value: str) -> bool:
    """True for what stands in a number's place: known fillers, constants of adapters, one character repeated, a run (12345)."""
    plain = _plain(_plain(value))  # folding may bring letters together that fold once more
    bare = _PREFIX.sub("", plain, count=1)
    return plain in PLACEHOLDERS or _is_filler(bare) or _is_run(bare) or _SHAPES.fullmatch(plain) is not None


def _is_filler(plain: str) -> bool:
    """One character all along, also with one other at the end of a long one: XXXXXXXXXXXX1, 1111111111112."""
    return len(set(plain)) <= 1 or (len(plain) >= _LONG and len(set(plain[:-1])) == 1)


def _plain(value: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", value).upper() if letter.isalnum())


def _is_run(plain: str) -> bool:
    """0123456789, 1234567890123, 987654321, ABCDEFG, 0123456789AB: each step the same, digits may go round."""
    if _HEX_RUN.fullmatch(plain) and plain in _HEX_DIGITS * 2:
        return True
    if plain.isascii() and plain.isdigit():
        steps = {(int(b) - int(a)) % 10 for a, b in zip(plain, plain[1:], strict=False)}
    else:
        steps = {ord(b) - ord(a) for a, b in zip(plain, plain[1:], strict=False)}
    return steps in ({1}, {-1}, {9})
