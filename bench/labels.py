"""How fast label sheets are made: our maker against the usual way with reportlab's own barcode widgets, in turns, in one run.

Run: python bench/labels.py [--rounds 5] [--sheets 4]. One JSON line per figure: name, value, unit, baseline, ratio (our speed
divided by the baseline's: above 1 is faster). Both draw the same QR code, Code 128 and five lines on each of 24 labels of an A4
sheet; the baseline uses a font of the reader's program and doesn't fit its lines, ours embeds its font and fits every line. Both
end with the finished bytes of the file. The best of all rounds counts.
"""

import argparse
import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

from core import ids
from core.label_faces import Face, price_tag
from core.label_formats import FORMATS
from core.label_sheets import labels_pdf

SHEET = FORMATS["a4-24"]
TITLE, PRICE, BEFORE, MARK, PLACE = "波司登羽绒服 95新 男款 175 黑色", "￥1,299.00", "￥1,599.00", "旧货", "A-03"
BASELINE = "reportlab's QrCodeWidget and Code128 with drawString"
AT = datetime(2026, 6, 1, 4, tzinfo=UTC)


def address(code: str) -> str:
    return f"https://xunshi.example/i/{code}"


def ours(codes: list[str]) -> bytes:
    faces: list[Face] = [
        price_tag(code=code, address=address(code), title=TITLE, price=PRICE, before=BEFORE, marks=[MARK], lines=[PLACE])
        for code in codes
    ]
    return labels_pdf(faces, SHEET, AT)


def usual(codes: list[str]) -> bytes:
    """As tutorials show it."""
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.code128 import Code128
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.units import mm
    from reportlab.pdfbase import cidfonts, pdfmetrics
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, (210 * mm, 297 * mm), pageCompression=1, invariant=1)
    for index, code in enumerate(codes):
        if index and index % SHEET.places == 0:
            canvas.showPage()
        frame = SHEET.frame(index % SHEET.places)
        x, top = frame.x * mm, (297 - frame.y) * mm
        picture = Drawing(22 * mm, 22 * mm)
        picture.add(QrCodeWidget(address(code), barWidth=22 * mm, barHeight=22 * mm, barLevel="M"))
        renderPDF.draw(picture, canvas, x + 5 * mm, top - 26 * mm)
        Code128(code, barHeight=6 * mm, barWidth=0.375 * mm).drawOn(canvas, x + 8 * mm, top - 34 * mm)
        canvas.setFont("STSong-Light", 8)
        for row, words in enumerate((PRICE, BEFORE, TITLE, MARK, ids.grouped(code), PLACE)):
            canvas.drawString(x + 29 * mm, top - (6 + 3.5 * row) * mm, words)
    canvas.save()
    return out.getvalue()


def seconds(make: Callable[[list[str]], bytes], codes: list[str]) -> float:
    start = time.perf_counter()
    make(codes)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sheets", type=int, default=4)
    asked = parser.parse_args()
    codes = [ids.new_checked_code() for _ in range(SHEET.places * asked.sheets)]
    ours(codes[:1]), usual(codes[:1])  # fonts and modules are loaded once
    rounds = [(seconds(ours, codes), seconds(usual, codes)) for _ in range(asked.rounds)]
    mine, theirs = min(one for one, _ in rounds), min(two for _, two in rounds)
    pages = asked.sheets
    line = {"name": "label_sheets", "value": round(pages / mine, 2), "unit": "pages/s", "baseline": BASELINE}
    print(json.dumps(line | {"baseline_value": round(pages / theirs, 2), "ratio": round(theirs / mine, 2)}), flush=True)


if __name__ == "__main__":
    main()
