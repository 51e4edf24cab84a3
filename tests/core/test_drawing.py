"""A signature in a PDF: drawn as lines by both inks, the same bytes each time."""

from datetime import UTC, datetime

import pytest

from core.paper import Paper
from core.pdf import Document, Drawing, Paragraph, render
from tests.harness.pdf_text import lines

AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
STROKES = (((100, 200), (160, 120), (300, 150)), ((320, 210),))


def document(strokes):
    return Document(title="Agreement", number="JS-1", created=AT, language="en", blocks=[Paragraph("x"), Drawing(strokes, (1000, 400), "Signature")])


def test_the_strokes_stand_on_the_page():
    with_ink, without = render(document(STROKES)), render(document(()))
    assert with_ink == render(document(STROKES)) and len(with_ink) > len(without)
    assert "Signature" in "\n".join(lines(with_ink))


@pytest.mark.parametrize("ink", ["embedded", "reader"])
def test_both_inks_draw_a_line_through_points(ink, monkeypatch):
    if ink == "reader":
        monkeypatch.setattr("core.paper.fonts", lambda: ())
    drawn = []
    for points in ([(10.0, 10.0), (20.0, 15.0), (30.0, 12.0)], []):
        paper = Paper((210.0, 297.0), "x", title="x", created=AT, language="en")
        paper.add_page()
        if points:
            paper.stroke(points, 0.5)
        drawn.append(len(paper.finish()))
    assert drawn[0] > drawn[1]
