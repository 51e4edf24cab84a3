"""What an appraiser does before a signature: photos of each needed view, and a look at them."""

import io
from contextlib import contextmanager
from unittest import mock

from PIL import Image, ImageDraw

from core import ports
from core.wipe_ports import WipeStanding


def everything_wiped():
    """A house where each device's wipe stands; for stories that are about neither wipe nor certificate."""
    told = {"market": lambda _session, _item_id: WipeStanding("clear")}
    return mock.patch.dict(ports._providers["wipe_standing"], told, clear=True)


@contextmanager
def unasked():
    """A signature asks for neither photos nor numbers; for stories about grades and those who give them."""
    nothing = lambda *_, **__: None  # noqa: E731
    with mock.patch("appraisal.grades.photos.demand", nothing), mock.patch("appraisal.grades.number_answers.demand", nothing):
        yield


def shot(n=0, size=(640, 480), word="7KM3P"):
    """A JPEG of a thing with a slip beside it, no two alike."""
    picture = Image.new("RGB", size, (200 - n % 60, 196, 190))
    pen = ImageDraw.Draw(picture)
    wide, high = size
    for at in range(40):
        x, y = (at * 97 + n * 131) % wide, (at * 61 + n * 79) % high
        pen.rectangle((x, y, x + wide // 9, y + high // (6 + (at + n) % 7)), fill=((at * 53 + n * 29) % 256, (at * 31) % 256, (n * 71) % 256))
    pen.text((20, 20), word, fill="black")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def screen_of(client, path, view):
    """The address of the screen on which a view is photographed, from the overview and the finish page."""
    from appraisal.grades.guide_rules import screens  # noqa: PLC0415
    from appraisal.grades.models import Appraisal  # noqa: PLC0415
    from appraisal.standards.queries import standard_of  # noqa: PLC0415
    from core.goods.cards import get_card  # noqa: PLC0415
    from core.goods.models import Item  # noqa: PLC0415

    with client.application.extensions["xunshi_db"].session() as session:
        made = session.get_one(Appraisal, path.split("/")[-1])
        card = get_card(session.get_one(Item, made.item_id).category)
        step = next(one for one in screens(standard_of(session, made), card) if one.view == view)
    return f"{path}/checks/{step.key}"


def numbers_read(client, path, *, places=None, number=None, looked=True):
    """The thing's numbers read where its table asks first, in two places that agree, and a black list looked up by oneself."""
    from appraisal.grades.models import Appraisal  # noqa: PLC0415
    from appraisal.grades.number_answers import fed_of  # noqa: PLC0415
    from appraisal.standards.queries import standard_of  # noqa: PLC0415
    from core import clock, secrets  # noqa: PLC0415
    from core.goods.models import Item  # noqa: PLC0415

    with client.application.extensions["xunshi_db"].session() as session:
        made = session.get_one(Appraisal, path.split("/")[-1])
        item = session.get_one(Item, made.item_id)
        standard = standard_of(session, made)
        fed = fed_of(standard, item)
        known = {kind: [secrets.decrypt(one.value, "identifier") for one in item.identifiers if one.live and one.kind == kind]
                 for kind in ("serial", "imei", "meid")}
    if fed is None or not any(known[kind] for kind in fed.kinds):
        return
    if places is None:
        sides = {place.side: place.code for place in reversed(fed.places)}
        places = [sides["system"], sides["thing"]]
    sent = {"what": "next"}
    for place in places:
        left = {kind: list(some) for kind, some in known.items()}
        for nth, kind in enumerate(fed.kinds, 1):
            sent[f"{place}_{nth}"] = number or (left[kind].pop(0) if left[kind] else "")
    answer = client.post(f"{path}/checks/{fed.check}", data=sent)
    assert answer.status_code == 303, answer.text
    for one in fed.lists if looked else ():
        if one.clear:
            told = {one.check: one.clear, "how": "carrier_page", "looked_on": clock.local(clock.now()).date().isoformat(), "what": "next"}
            answer = client.post(f"{path}/checks/{one.check}", data=told)
            assert answer.status_code == 303, answer.text


def photographed(client, path, *, n=0, ticks=True, views=None, numbers=True):
    """Every photo that the signature needs, one after the other, with the appraiser's word for each, and the thing's numbers read;
    returns the photos' ids."""
    from appraisal.grades.guide_models import AppraisalPhoto  # noqa: PLC0415
    from appraisal.grades.guide_rules import needed_views  # noqa: PLC0415
    from appraisal.grades.models import Appraisal  # noqa: PLC0415
    from core.goods.cards import get_card  # noqa: PLC0415
    from core.goods.models import Item  # noqa: PLC0415

    made_id = path.split("/")[-1]
    if numbers and ticks and views is None:
        numbers_read(client, path)
    with client.application.extensions["xunshi_db"].session() as session:
        card = get_card(session.get_one(Item, session.get_one(Appraisal, made_id).item_id).category)
    for at, view in enumerate(views or needed_views(card)):
        sent = {"what": "photo", "photo": (io.BytesIO(shot(n * 10 + at)), f"{view}.jpg")}
        answer = client.post(screen_of(client, path, view), data=sent, content_type="multipart/form-data")
        assert answer.status_code == 303, answer.text
    with client.application.extensions["xunshi_db"].session() as session:
        found = [one.id for one in session.query(AppraisalPhoto).filter_by(appraisal_id=made_id, removed_at=None).order_by(AppraisalPhoto.id)]
    if ticks:
        step = screen_of(client, path, "with_code")
        answer = client.post(step, data={"what": "next", "photo_shown": found, "photo_code": found, "photo_clean": found})
        assert answer.status_code == 303, answer.text
    return found
