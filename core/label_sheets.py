"""The house's one label maker: any number of faces on any of our papers, as PDF in absolute millimetres, or as SVG to look at."""

from collections.abc import Iterable
from datetime import datetime

from core.ink_svg import SvgInk
from core.label_faces import Face, draw
from core.label_formats import Format
from core.paper import Paper


def labels_pdf(faces: Iterable[Face], form: Format, created: datetime, *, first: int = 1, language: str = "zh") -> bytes:
    """Return a PDF of these labels. `first`: the place on the sheet where they begin, from 1, so that half-used sheets are used.

    Raises NoFont; TooLong for an address that no code on this paper can hold; ValueError for a place the sheet hasn't."""
    ready = list(faces)
    if not 1 <= first <= form.places:
        raise ValueError(f"this paper has the places 1 to {form.places}")
    paper = _paper(ready, form.page, created, language)
    for index, face in enumerate(ready, start=first - 1):
        place = index % form.places
        if place == 0 or index == first - 1:
            paper.add_page()
        draw(paper, face, form.inside(place), form.bars)
    return paper.finish()


def label_pictures(faces: Iterable[Face], form: Format, created: datetime, *, first: int = 1, language: str = "zh") -> list[str]:
    """Each label as the PDF has it, as an SVG of the label's own size. Raises NoFont and TooLong."""
    ready = list(faces)
    paper = _paper(ready, form.size, created, language)
    paper.ink = SvgInk(form.size, paper.ink)
    for index, face in enumerate(ready, start=first - 1):
        paper.add_page()
        frame, inside = form.frame(index % form.places), form.inside(index % form.places)
        moved = type(inside)(inside.x - frame.x, inside.y - frame.y, inside.width, inside.height)
        draw(paper, face, moved, form.bars)
    return paper.finish().decode().split("\n") if ready else []


def _paper(faces: list[Face], size: tuple[float, float], created: datetime, language: str) -> Paper:
    letters = "\u2026" + "".join(face.letters for face in faces)
    return Paper(size, letters, title=faces[0].title if faces else "", created=created, language=language, exact=True)
