"""How fast photos are taken in: our pipeline against naive Pillow, in turns, in the same run.

Run: python -m bench.photos [--rounds 7]. One JSON line per figure: name, value, unit, baseline, ratio
(ratio = baseline / value, times as fast). The naive way decodes fully and makes each size with LANCZOS.
"""

import argparse
import io
import json
import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageDraw

from core import photos


def synthetic_photo(width: int = 4000, height: int = 3000) -> bytes:
    """Return a 12-megapixel JPEG with edges, small print, GPS EXIF and orientation 6."""
    rng = random.Random(20261122)
    noise = Image.effect_noise((width // 4, height // 4), 40).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    picture = Image.merge("RGB", [noise, noise.transpose(Image.Transpose.ROTATE_180), noise])
    draw = ImageDraw.Draw(picture)
    for number in range(400):
        x, y = rng.randrange(width), rng.randrange(height)
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        draw.ellipse((x, y, x + rng.randrange(20, 400), y + rng.randrange(20, 300)), fill=colour)
        draw.text((x, y), f"Model A2158 {number}", font_size=60, fill=(0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 7.0, 30.0), 3: "E", 4: (113.0, 15.0, 50.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, exif=exif, comment=b"a comment")
    return out.getvalue()


def naive(data: bytes) -> list[bytes]:
    """The way most tutorials go: decode everything, resize each time from the full picture."""
    from PIL import ImageOps

    made = []
    with Image.open(io.BytesIO(data)) as opened:
        full = ImageOps.exif_transpose(opened).convert("RGB")
    for side in photos.SIDES.values():
        scale = side / max(full.size)
        size = (round(full.width * scale), round(full.height * scale))
        out = io.BytesIO()
        full.resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=photos.QUALITY)
        made.append(out.getvalue())
    return made


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def two_at_once(data: bytes) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(photos.clean, [data, data]))


def report(name: str, values: list[float], baselines: list[float]) -> None:
    value, baseline = statistics.median(values), statistics.median(baselines)
    # The ratio of each round's pair: both sides met the same disturbances.
    ratio = statistics.median(b / v for v, b in zip(values, baselines, strict=True))
    figures = {"name": name, "value": round(value, 1), "unit": "ms", "baseline": round(baseline, 1)}
    print(json.dumps(figures | {"ratio": round(ratio, 2)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    data = synthetic_photo()
    photos.clean(data)
    ours, theirs, pair = [], [], []
    for _ in range(rounds):
        theirs.append(milliseconds(lambda: naive(data)))
        ours.append(milliseconds(lambda: photos.clean(data)))
        pair.append(milliseconds(lambda: two_at_once(data)))
    report("photo, three sizes, against naive Pillow", ours, theirs)
    report("two photos on two threads, against one after the other", pair, [2 * each for each in ours])


if __name__ == "__main__":
    main()
