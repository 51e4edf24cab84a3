"""What people send by mistake to the guided list, said back to them in their own language, at its field, with nothing half done."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from appraisal.grades.guide_models import AppraisalPhoto, CheckAnswer
from appraisal.grades.models import Appraisal
from appraisal.identity.models import NumberReading
from appraisal.standards.loader import get_standard
from core import clock
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from tests.appraisal.grades.test_appraisal_pages import begun
from tests.appraisal.grades.test_photo_evidence import bomb, dot, signing
from tests.appraisal_stories import photographed, screen_of, shot
from tests.appraiser_stories import admitted

PHONE = get_standard("xunshi-phone", 1)
IMEI = "352099001761481"
BEST = {check.code: check.values[0].code if check.kind != "measure" else "99" for check in PHONE.checks}
pytestmark = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(autouse=True)
def wiped(all_wiped):
    """The stories are about what is sent."""


@pytest.fixture
def phone(doing, alice, li, shop):
    return taken_in(doing, alice, IMEI)


@pytest.fixture
def path(li, phone):
    return begun(li, phone, photos=False)


def taken_in(doing, owner, imei):
    with doing(owner) as w:
        given = Intake(card=get_card("phone"), attributes={"brand": "Apple", "model": "iPhone 12"}, identifiers={"imei": [imei]})
        return take_in(w, owner.id, given).id


def kept(session):
    """How much of everything that a screen can leave behind there is."""
    session.rollback()
    return [session.scalar(select(func.count()).select_from(one)) for one in (CheckAnswer, AppraisalPhoto, NumberReading)]


def at_field(answer, field, said):
    """Refused as something that can be put right, with the message at its field."""
    assert answer.status_code == 422, answer.status_code
    assert f'id="{field}-error"' in answer.text
    assert said in answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]


WRONG = {
    "unit": ("battery_health", "4200 mAh", {"zh": "请输入数字。", "en": "Please enter a plain number."}),
    "emoji": ("battery_health", "🔋", {"zh": "请输入数字。", "en": "Please enter a plain number."}),
    "too much": ("battery_health", "850", {"zh": "此处可填 0 到 120 之间的数字。", "en": "A number from 0 to 120 is possible here."}),
    "emoji for an answer": ("speakers", "🔊", {"zh": "“🔊”不是检测项", "en": "🔊 is not an answer to the check"}),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_units_and_emoji(session, li, path, language, case):
    field, typed, said = WRONG[case]
    client, here = li.client(language=language), f"{path}/checks/{field}"
    before = kept(session)
    at_field(client.post(here, data={field: typed, "what": "next"}), field, said[language])
    assert kept(session) == before
    assert client.post(here, data={field: "85" if field == "battery_health" else BEST[field], "what": "next"}).status_code == 303
    session.rollback()
    assert session.get_one(Appraisal, path.split("/")[-1]).answers


def test_an_emoji_where_a_number_stands(session, li, path, language):
    client, here, before = li.client(language=language), f"{path}/checks/imei_matches", kept(session)
    answer = client.post(here, data={"dial_pad_1": "35209900📱", "what": "next"})
    at_field(answer, "dial_pad_1", {"zh": "串号（IMEI）只有数字", "en": "An IMEI has digits only."}[language])
    assert "35209900📱" in answer.text, "what was typed stays to be put right"
    assert kept(session) == before
    assert client.post(here, data={"dial_pad_1": IMEI, "what": "next"}).status_code == 303 and kept(session) != before


PICTURES = {
    "1x1": (dot, {"zh": "1 × 1", "en": "only 1 × 1 pixels"}),
    "200 megapixels": (bomb, {"zh": "5000 万", "en": "more than 50 million pixels"}),
}


@pytest.mark.parametrize("case", PICTURES)
def test_a_picture_too_small_or_too_large(session, li, path, language, case):
    raw, said = PICTURES[case]
    client = li.client(language=language)
    here, before = screen_of(client, path, "with_code"), kept(session)
    at_field(sent(client, here, [raw()]), "photo", said[language])
    assert kept(session) == before
    assert sent(client, here, [shot()]).status_code == 303 and kept(session) != before


def test_four_hundred_photos(session, li, path, language):
    client = li.client(language=language)
    here, before, small = screen_of(client, path, "with_code"), kept(session), shot(1, (220, 220))
    at_field(sent(client, here, [small] * 400), "photo", {"zh": "同一角度六张照片已足够", "en": "Six photos of one view are enough"}[language])
    assert kept(session) == before
    assert sent(client, here, [shot(n) for n in range(6)]).status_code == 303


def sent(client, here, pictures):
    files = [(io.BytesIO(one), f"{n}.jpg") for n, one in enumerate(pictures)]
    return client.post(here, data={"what": "photo", "photo": files}, content_type="multipart/form-data")


def test_an_expired_credential(session, people, phone, shop, language):
    """Nothing is signed, nothing is lost; with a credential that holds the same phone is signed."""
    han, until = people.person("Han"), clock.now() + timedelta(days=3)
    people.give_role(han, "appraiser", shop, credential=False)
    admitted(session, han.id, scope={"phone": 1}, until=until)
    path, client = begun(han, phone), han.client(language=language)
    photographed(client, path)
    client.post(path, data={**BEST, "what": "save"})
    before, told = kept(session), signing(client, path)
    with clock.stopped_at(until):
        answer = client.post(f"{path}/finish", data=told)
        assert answer.status_code == 403
        assert {"zh": "已于", "en": "expired on"}[language] in answer.text and {"zh": "草稿", "en": "your drafts wait"}[language] in answer.text
    assert kept(session) == before and session.get_one(Appraisal, path.split("/")[-1]).state == "draft"
    assert client.post(f"{path}/finish", data=told).status_code == 303


def test_ones_own_phone(session, doing, li, phone, language):
    own, client = taken_in(doing, li, "490154203237518"), li.client(language=language)
    answer = client.post(f"/items/{own}/appraise")
    assert answer.status_code == 403
    assert {"zh": "不能鉴定自己的物品", "en": "You can&#39;t appraise your own thing."}[language] in answer.text
    session.rollback()
    assert session.scalars(select(Appraisal)).first() is None
    assert client.post(f"/items/{phone}/appraise").status_code == 303
