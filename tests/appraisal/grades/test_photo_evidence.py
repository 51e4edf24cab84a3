"""Photos of an appraisal: the code in the overview, ticks for screens, hints, what is no photo, and the wipe at the signature."""

import io
import re
from unittest import mock

import pytest
from PIL import Image, ImageEnhance
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from appraisal.grades import actions, wipe_rules
from appraisal.grades.guide_models import AppraisalPhoto
from appraisal.grades.models import Appraisal
from appraisal.standards.loader import get_standard
from core import ports
from core.errors import Refused
from core.goods import custody
from core.goods.models import Item
from core.wipe_ports import WipeStanding
from market.listings.proof import wipe_standing
from tests import stories
from tests.appraisal.grades.test_appraisal_pages import begun, best, refusing
from tests.appraisal_stories import numbers_read, photographed, screen_of, shot


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


def row(session, path):
    session.rollback()
    return session.get_one(Appraisal, path.split("/")[-1])


def complete(client, path):
    """All answers are there; returns what the finish page's form sends."""
    client.post(path, data={**best(), "what": "save"})
    return signing(client, path)


def signing(client, path):
    page = client.get(f"{path}/finish").text
    return {"answers": re.search(r'name="answers" value="(\w+)"', page).group(1)}


def test_no_signature_without_photos_code_and_ticks_and_with_them_it_is_signed(session, laptop, li):
    path, client = begun(li, laptop, photos=False), li.client()
    numbers_read(client, path)
    none = client.post(f"{path}/finish", data=complete(client, path))
    assert none.status_code == 422 and "Photos that are still missing: 5" in none.text and "The code" not in none.text.split("Still missing")[0].split("<main")[1]
    found = photographed(client, path, ticks=False)
    unread = client.post(f"{path}/finish", data={**signing(client, path), "photo_shown": found, "photo_clean": found})
    assert unread.status_code == 422 and re.search(r"Say that the code \w{5} can be read", unread.text)
    assert unread.text.count(" checked") == 3, "what was ticked stays: all but the lid and the bottom show a screen"
    bare = client.post(f"{path}/finish", data={**signing(client, path), "photo_shown": found, "photo_code": found})
    assert bare.status_code == 422 and "no personal content can be seen" in bare.text
    assert row(session, path).state == "draft"
    good = client.post(f"{path}/finish", data={**signing(client, path), "photo_shown": found, "photo_code": found, "photo_clean": found})
    assert good.status_code == 303 and row(session, path).state == "signed"


def test_the_seller_never_signs_by_another_door(session, laptop, li):
    """The whole list sent at once asks for the same photos."""
    path, client = begun(li, laptop, photos=False), li.client()
    assert client.post(path, data={**best(), "what": "sign"}).status_code == 422 and row(session, path).state == "draft"
    photographed(client, path)
    assert client.post(path, data={**best(), "what": "sign"}).status_code == 303


@pytest.mark.parametrize(("change", "hint"), [
    (lambda p: ImageEnhance.Brightness(p).enhance(0.1), "It looks dark"), (lambda p: p.resize((240, 220)), "It has few pixels"),
])  # fmt: skip
def test_a_bad_photo_is_kept_with_a_hint(session, laptop, li, change, hint):
    path, client = begun(li, laptop, photos=False), li.client()
    out = io.BytesIO()
    change(Image.open(io.BytesIO(shot(3, (900, 700))))).save(out, "PNG")
    here = screen_of(client, path, "lid")
    assert client.post(here, data={"what": "photo", "photo": (io.BytesIO(out.getvalue()), "x.png")}, content_type="multipart/form-data").status_code == 303
    assert hint in client.get(here).text and len(session.scalars(select(AppraisalPhoto)).all()) == 1


def bomb():
    """A PNG whose header says 20,000 x 10,000 pixels."""
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG")
    raw = bytearray(out.getvalue())
    raw[16:24] = (20_000).to_bytes(4, "big") + (10_000).to_bytes(4, "big")
    import zlib

    raw[29:33] = zlib.crc32(raw[12:29]).to_bytes(4, "big")
    return bytes(raw)


def dot():
    out = io.BytesIO()
    Image.new("RGB", (1, 1)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(("raw", "name", "said"), ids=["dot", "200mp", "pdf", "empty", "half"], argvalues=[
    (dot(), "1x1.png", "only 1 × 1 pixels"), (bomb(), "200mp.png", "more than 50 million pixels"),
    (b"%PDF-1.7 nothing to see", "📱.heic", "not a photo we can read"), (b"", "empty.jpg", "This file is empty"),
    (shot()[:200], "half.jpg", "damaged or incomplete"),
])  # fmt: skip
def test_what_is_no_photo_is_said_and_its_twin_with_the_same_name_is_taken(session, laptop, li, raw, name, said):
    path, client = begun(li, laptop, photos=False), li.client()
    here = screen_of(client, path, "lid")
    value = get_standard("xunshi-laptop").find_check("lid").values[0].code
    sent = {"what": "next", "lid": value}
    answer = client.post(here, data={**sent, "photo": (io.BytesIO(raw), name)}, content_type="multipart/form-data")
    assert answer.status_code == 422 and said in answer.text and 'id="photo-error"' in answer.text
    assert f'value="{value}" checked' in answer.text, "what was answered stays"
    assert row(session, path).answers == {} and session.scalars(select(AppraisalPhoto)).first() is None
    assert client.post(here, data={**sent, "photo": (io.BytesIO(shot()), name)}, content_type="multipart/form-data").status_code == 303
    assert row(session, path).answers == {"lid": value}


def test_adding_no_photo_is_said_and_ticks_of_one_that_is_there_are_kept(session, laptop, li):
    path, client = begun(li, laptop, photos=False), li.client()
    screen = screen_of(client, path, "lid")
    answer = client.post(screen, data={"what": "photo"})
    assert answer.status_code == 422 and "Take or choose a photo first." in answer.text
    assert client.post(screen, data={"what": "photo", "photo": (io.BytesIO(shot(3)), "lid.jpg")}).status_code == 303
    shown = re.search(r'name="photo_shown" value="([^"]+)"', client.get(screen).text)[1]
    assert client.post(screen, data={"what": "photo", "photo_shown": shown, "photo_clean": shown}).status_code == 303


def test_four_hundred_photos_are_too_many_and_six_are_not(session, laptop, li):
    path, client = begun(li, laptop, photos=False), li.client()
    here, small = screen_of(client, path, "lid"), shot(1, (220, 220))

    def send(count):
        return client.post(here, data={"what": "photo", "photo": [(io.BytesIO(small), f"{n}.jpg") for n in range(count)]}, content_type="multipart/form-data")

    many = send(400)
    assert many.status_code == 422 and "Six photos of one view are enough" in many.text
    assert session.scalars(select(AppraisalPhoto)).first() is None
    assert send(6).status_code == 303
    assert send(1).status_code == 422, "a seventh isn't taken either"
    session.rollback()
    assert len(session.scalars(select(AppraisalPhoto)).all()) == 6


def test_a_view_the_list_does_not_ask_for_has_no_screen(laptop, li):
    path, client = begun(li, laptop, photos=False), li.client()
    assert client.get(f"{path}/checks/photo-front").status_code == 404
    sent = {"what": "photo", "photo": (io.BytesIO(shot()), "x.jpg")}
    assert client.post(f"{path}/checks/photo-front", data=sent, content_type="multipart/form-data").status_code == 404


def test_what_was_signed_with_stays(session, database, laptop, li):
    path, client = begun(li, laptop), li.client()
    client.post(path, data={**best(), "what": "sign"})
    session.rollback()
    photo = session.scalars(select(AppraisalPhoto.id).limit(1)).one()
    assert client.post(f"{path}/photos/{photo}/remove").status_code == 409
    for change in ("UPDATE appraisal_photos SET removed_at = added_at", "DELETE FROM appraisal_photos", "UPDATE appraisal_check_answers SET seconds = 1"):
        session.rollback()
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(change))


def test_a_photo_carries_no_place(session, app, laptop, li, anonymous):
    path, client = begun(li, laptop, photos=False), li.client()
    picture, exif = Image.open(io.BytesIO(shot())), Image.Exif()
    exif[0x010F] = "SecretCam"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"at home")
    assert b"SecretCam" in out.getvalue()
    client.post(screen_of(client, path, "lid"), data={"what": "photo", "photo": (io.BytesIO(out.getvalue()), "x.jpg")}, content_type="multipart/form-data")
    session.rollback()
    photo = session.scalars(select(AppraisalPhoto.id)).one()
    for size in ("large", "medium", "small"):
        raw = client.get(f"{path}/photos/{photo}/{size}.jpg").data
        assert raw[:2] == b"\xff\xd8" and b"SecretCam" not in raw and b"at home" not in raw
    assert anonymous.get(f"{path}/photos/{photo}/large.jpg").status_code == 404


# ---- the wipe comes in as a value


def test_a_device_that_is_not_wiped_is_looked_at_but_not_graded(session, doing, alice, li, shop):
    item = stories.laptop(doing, alice, serial="PF9UNWIPED1")
    path, client = begun(li, item), li.client()
    assert "No valid wipe certificate" in client.get(path).text, "it gates the grade, not the start"
    answer = client.post(f"{path}/finish", data=complete(client, path))
    assert answer.status_code == 409 and "no valid wipe certificate" in answer.text
    assert row(session, path).state == "draft" and len(row(session, path).answers) == 31, "nothing has to be answered again"
    assert client.post(path, data={**best(), "what": "sign"}).status_code == 409, "by no door"


def test_what_must_not_be_sold_says_so_without_a_wipe(session, doing, alice, li, shop):
    item = stories.laptop(doing, alice, serial="PF9UNWIPED2")
    path, client = begun(li, item), li.client()
    assert client.post(path, data={**refusing(), "what": "sign"}).status_code == 303
    made = row(session, path)
    assert made.grade == "reject" and made.result["wipe"] == {"state": "missing", "certificate": None}


@pytest.mark.parametrize("state", ["missing", "unknown", "", "clear?"])
def test_only_a_certain_wipe_passes(state):
    with pytest.raises(Refused) as no:
        wipe_rules.demand(state, graded=True)
    assert no.value.field == "wipe"
    wipe_rules.demand(state, graded=False)
    wipe_rules.demand("clear", graded=True)
    wipe_rules.demand("not_needed", graded=True)


def test_nobody_who_tells_is_unknown_and_a_coat_is_not_asked(session, doing, alice, app, wang, laptop):
    coat = session.get_one(Item, stories.coat(doing, alice))
    session.rollback()
    with mock.patch.dict(ports._providers["wipe_standing"], {}, clear=True):
        assert actions.wipe_of(session, session.get_one(Item, laptop)) == WipeStanding("unknown")
        assert actions.wipe_of(session, session.get_one(Item, coat.id)).state == "not_needed"
    found = wipe_standing(session, laptop)
    assert found.state == "clear" and found.certificate
    session.rollback()
    with doing(wang) as w:
        custody.raise_epoch(w, w.session.get_one(Item, laptop), "repaired")
    session.rollback()
    assert wipe_standing(session, laptop).state == "missing", "other hands end it"
