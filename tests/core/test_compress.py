"""Text goes out packed where nothing secret stands in it, and as it is to whoever can't unpack it."""

import gzip

import pytest

PACKS = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("path", ["/static/css/components.css", "/static/js/photos.js", "/static/img/icons.svg", "/search"])
def test_text_is_packed_for_visitors(anonymous, path):
    plain, packed = anonymous.get(path), anonymous.get(path, headers=PACKS)
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] or "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    if path.startswith("/static"):
        assert gzip.decompress(packed.data) == plain.data


def test_pages_of_signed_in_people_are_not_packed(alice):
    assert "Content-Encoding" not in alice.client().get("/search", headers=PACKS).headers
    assert alice.client().get("/static/css/base.css", headers=PACKS).headers["Content-Encoding"] == "gzip"


def test_small_answers_pictures_and_refused_packing_stay_as_they_are(anonymous):
    assert "Content-Encoding" not in anonymous.get("/healthz", headers=PACKS).headers
    assert "Content-Encoding" not in anonymous.get("/static/css/base.css", headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_a_browser_that_has_the_file_gets_no_bytes(anonymous):
    first = anonymous.get("/static/css/base.css", headers=PACKS)
    again = anonymous.get("/static/css/base.css", headers={**PACKS, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
