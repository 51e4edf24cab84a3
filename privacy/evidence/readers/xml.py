"""From bytes to an XML tree, once for all readers: no document type, no entities, no outside files, a bounded number of parts."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from core.i18n import N_
from privacy.evidence.model import Unreadable
from privacy.evidence.readers.text import LARGEST, LONGEST_LINE, visible

MOST_PARTS = 50_000  # elements; a report of a hundred disks has some ten thousand
MOST_EQUALS = 60_000  # attributes cost more than elements
DEEPEST = 32
LONGEST_WORD = 200  # characters of a value that is shown

_GBK = re.compile(rb"<\?xml[^>]{0,100}encoding=[\"'](?:gb2312|gbk|gb18030)[\"'][^>]{0,40}\?>", re.IGNORECASE)


class BadXml(Unreadable):
    """What began like XML isn't XML, or isn't the plain kind that is read here."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "malformed",
            N_("The file looks like XML, but is cut off, damaged or declares more than a report does. Send the tool's own file."),
        )
        self.why = why


class _Counting:
    """Builds the tree and stops at once where it grows beyond any report."""

    def __init__(self) -> None:
        from xml.etree.ElementTree import TreeBuilder

        self._builder = TreeBuilder()
        self._parts = self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self._parts, self._depth = self._parts + 1, self._depth + 1
        if self._parts > MOST_PARTS:
            raise BadXml("too many parts")
        if self._depth > DEEPEST:
            raise BadXml("nested too deeply")
        return self._builder.start(tag, attributes)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return self._builder.end(tag)

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> Element:
        return self._builder.close()


def read_xml(raw: bytes) -> Element:
    """The root of the document. Raises Unreadable: too_big, malformed. Time grows with the file's length only."""
    if len(raw) > LARGEST:
        raise Unreadable(
            "too_big",
            N_("The file is larger than %(limit)s MiB. Send the log of one run only."),
            {"limit": LARGEST // 1024 // 1024},
        )
    if raw.count(b"=") > MOST_EQUALS:
        raise BadXml("too many parts")
    # a plist's document type is the one Apple writes; it is dropped, never followed, and with it nothing else may be declared
    parser = DefusedXMLParser(target=_Counting(), forbid_dtd=not _is_plist(raw), forbid_entities=True, forbid_external=True)
    try:
        parser.feed(_readable(raw))
        found: Element = parser.close()
    except BadXml:
        raise
    except DefusedXmlException as problem:
        raise BadXml("it declares a document type or entities") from problem
    except (ParseError, ValueError, LookupError, AssertionError) as problem:
        raise BadXml("it breaks off or has an error in it") from problem
    return found


def _readable(raw: bytes) -> bytes:
    """Chinese Windows programs write GBK, which the parser doesn't know."""
    head = _GBK.match(raw)
    return raw[head.end() :].decode("gb18030").encode("utf-8") if head else raw


def _is_plist(raw: bytes) -> bool:
    return b"<!DOCTYPE plist PUBLIC" in raw[:512]


def words(element: Element | None) -> str | None:
    """An element's own text without the blanks around it, fit to be shown; None if empty or longer than any tool's."""
    text = element.text if element is not None else None
    return visible(text).strip() or None if text is not None and len(text) <= LONGEST_WORD else None


def texts(root: Element) -> Iterator[str]:
    """Every text in the document, however deep."""
    for element in root.iter():
        if element.text and len(element.text) <= LONGEST_LINE and (text := visible(element.text).strip()):
            yield text
