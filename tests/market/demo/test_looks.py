"""What the demo's appraiser photographs: things of one model on one drawing, and yet no two photos that a reviewer is asked about."""

import io
import itertools
from types import SimpleNamespace

from PIL import Image

from core.goods.card import WITH_CODE
from core.picture_hash import mirrored, search
from core.twins import rules
from core.twins.actions import hashed
from market.demo.looks import appraisal_photo

VIEWS = (WITH_CODE, "screen")


def look_alike(one, other):
    """As core/twins decides: by all bits, or by a search where one may be cut out of the other."""
    (picture, mine), (there, theirs) = one, other
    for found in rules.candidates(mine, [theirs]):
        wanted = mine.whole if found.inside else theirs.whole
        where = there if found.inside else picture
        wanted = mirrored(wanted) if found.mirror else wanted
        if found.box is None or search(where, wanted, found.box, rules.NEAR) <= rules.NEAR:
            return True
    return False


def taken(motif, n, code, view):
    picture = Image.open(io.BytesIO(appraisal_photo(SimpleNamespace(motif=motif, n=n), view, code)))
    return picture, hashed(f"{code}/{view}", code, picture)


def test_no_two_things_of_the_demo_look_photographed_once():
    things = [("laptop", n, code) for n, code in enumerate(("XK5GY", "MRZ8X", "ZBPUR", "7KM3P"))]
    shots = [[taken(*thing, view) for view in VIEWS] for thing in things]
    pairs = [pair for one, other in itertools.combinations(shots, 2) for pair in itertools.product(one, other)]
    assert len(pairs) == 24 and not [pair for pair in pairs if look_alike(*pair)]
    again = taken(*things[0], WITH_CODE)
    assert look_alike(shots[0][0], again), "the very photo is found"
