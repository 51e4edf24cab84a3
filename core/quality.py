"""What a photo may lack, told from its pixels: too dark, too bright, blurred, small. Hints for who took it, never a refusal.

The same figures are worked out by static/js/desk/quality.js before a photo is sent: the mean of grey and the variance of its
Laplacian over a picture at most 400 pixels long. The bounds are our own, set on drawings and photos; no standard names any."""

from typing import Final

from PIL import Image, ImageFilter, ImageStat

SIDE: Final = 400
DARK, BRIGHT, BLURRED, SMALL = 45, 235, 18, 600
# -1 around, 8 in the middle: nothing on plain ground, much at edges; 128 is the middle of what a byte can hold
_EDGES: Final = ImageFilter.Kernel((3, 3), (-1, -1, -1, -1, 8, -1, -1, -1, -1), scale=2, offset=128)


def hints(picture: Image.Image) -> list[str]:
    """Codes of what looked bad, worst first: dark, bright, blurred, small. Empty when nothing did."""
    found = []
    small = picture.convert("L")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    mean = ImageStat.Stat(small).mean[0]
    if mean < DARK:
        found.append("dark")
    if mean > BRIGHT:
        found.append("bright")
    if sharpness(small) < BLURRED:
        found.append("blurred")
    if max(picture.size) < SMALL:
        found.append("small")
    return found


def sharpness(grey: Image.Image) -> float:
    """The variance of the Laplacian of a small grey picture: low where nothing has an edge."""
    if min(grey.size) < 3:
        return 0.0
    edges = grey.filter(_EDGES).crop((1, 1, grey.width - 1, grey.height - 1))
    return float(ImageStat.Stat(edges).var[0])
