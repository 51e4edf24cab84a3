"""The front door: nobody is sent elsewhere, every answer carries its headers, every error is a page in two languages."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.config import BadSetting, load
from core.sheets import cell, row
from core.web import local_path

# --- addresses ---


@pytest.mark.parametrize("target", [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r/evil.example", "\t//evil.example", "javascript:alert(1)", "evil", "", None, "//[", "/\\/[",
    "http:evil", "/ok\r\nSet-Cookie: x=1", "/a\\b", " /x", "//%2f", "https:///x",
])  # fmt: skip
def test_nobody_is_sent_elsewhere(target):
    assert local_path(target) == "/"
    assert local_path(target, "/me") == "/me"


@pytest.mark.parametrize("target", ["/", "/me", "/search?q=手机&page=2", "/a/b#c", "/%2F/x", "/x?next=//evil", "/a//b"])
def test_our_own_paths_are_kept(target):
    assert local_path(target) == target


@given(st.text(alphabet="/\\.:@?#ae\t\n\r %[]", max_size=12))
def test_whatever_is_asked_stays_here(target):
    """As browsers read it (WHATWG): tabs and line ends are dropped, a backslash is a slash."""
    got = local_path(target)
    seen = re.sub(r"[\t\n\r]", "", got).replace("\\", "/")
    assert seen.startswith("/")
    assert not seen.startswith("//")


@pytest.mark.parametrize("target", ["//[", "https://evil.example/x", "/\\evil"])
def test_the_language_link_stays_here(anonymous, target):
    answer = anonymous.get("/language/zh", query_string={"next": target})
    assert (answer.status_code, answer.location) == (303, "/")


def test_an_odd_referrer_is_no_fault(anonymous):
    answer = anonymous.post("/regulator", data={"number": "x"}, headers={"Referer": "http://[", "Host": "localhost"})
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


# --- headers ---


def test_every_answer_carries_its_headers(anonymous, alice):
    for answer in (anonymous.get("/"), anonymous.get("/no-such"), anonymous.get("/healthz"), alice.client().get("/me")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "geolocation=()" in answer.headers["Permissions-Policy"]
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        for part in ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
            assert part in policy
        assert "unsafe" not in policy
        assert "Strict-Transport-Security" not in answer.headers, "not on plain HTTP"


def test_what_a_person_sees_is_not_kept_by_others(alice, anonymous):
    assert alice.client().get("/me").headers["Cache-Control"] == "private, no-store"
    assert "private" not in anonymous.get("/").headers.get("Cache-Control", "")


def test_over_https_the_browser_is_held_to_it(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "xunshi", replace(app.extensions["xunshi"], https=True))
    assert "max-age" in app.test_client().get("/").headers["Strict-Transport-Security"]


# --- errors ---


@pytest.fixture
def real(app, monkeypatch):
    """As in the real house: a fault is a page, not a traceback."""
    monkeypatch.setattr(app, "testing", False)
    return app


def page_of(answer, status):
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert answer.text.count("<h1") == 1
    assert "Traceback" not in answer.text
    assert "Error" not in re.sub(r"<[^>]+>", "", answer.text)
    return re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.S).group(1)


def test_no_such_page(anonymous):
    assert page_of(anonymous.get("/no-such-page"), 404) == "There is nothing here"
    assert page_of(anonymous.get("/no-such/%00/%F0%9F%92%BB"), 404)


def test_no_such_request(anonymous):
    answer = anonymous.delete("/")
    assert page_of(answer, 405) == "This address takes no such request"
    assert "GET" in answer.headers["Allow"]


def test_too_large(ines, real):
    data = {"number": (io.BytesIO(b"x" * 100), "x.txt"), "other": "y" * (5 * 1024 * 1024)}
    answer = ines.client().post("/regulator", data=data, content_type="multipart/form-data")
    assert page_of(answer, 413) == "That file is too large"


def test_a_fault_of_ours_is_a_page_and_nothing_is_half_saved(real, ines, monkeypatch):
    from privacy.inspection import queries

    def broken(*args):
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(queries, "find", broken)
    answer = ines.client().post("/regulator", data={"number": "x"})
    assert page_of(answer, 500) == "Something broke on our side"
    assert "secret words" not in answer.text
    zh = ines.client(language="zh").post("/regulator", data={"number": "x"})
    assert re.search(r"[一-鿿]", page_of(zh, 500))


def test_a_busy_database_is_said(real, ines, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from privacy.inspection import queries

    def busy(*args):
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(queries, "find", busy)
    answer = ines.client().post("/regulator", data={"number": "x"})
    assert page_of(answer, 503) == "The house is very busy"
    assert "locked" not in answer.text


def test_a_database_that_is_gone_is_said_even_to_people_who_are_signed_in(real, ines, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from core.people import visitors

    def gone(*args):
        raise OperationalError("SELECT", {}, Exception("no connection"))

    client = ines.client()
    monkeypatch.setattr(visitors, "visitor_of_request", gone)
    assert page_of(client.get("/regulator"), 503) == "The house is very busy"


def test_a_form_without_its_token(real, ines, monkeypatch):
    monkeypatch.setitem(real.config, "WTF_CSRF_ENABLED", True)
    answer = ines.client().post("/regulator", data={"number": "x"})
    assert page_of(answer, 400) == "This form can&#39;t be used any more"


def test_whoever_is_signed_out_is_told_so_and_comes_back_to_the_form(real, anonymous, monkeypatch):
    monkeypatch.setitem(real.config, "WTF_CSRF_ENABLED", True)
    sent = {"data": {"number": "x"}, "headers": {"Referer": "http://localhost/regulator"}}
    answer = anonymous.post("/regulator", **sent)
    assert page_of(answer, 401) == "You are signed out"
    assert 'href="/sign-in?next=/regulator"' in answer.text or 'href="/sign-in?next=%2Fregulator"' in answer.text
    assert page_of(anonymous.post("/certificates", **sent), 400) == "This form can&#39;t be used any more", "open to everybody"


def test_back_to_a_form_with_mistakes_works(alice, anonymous):
    assert alice.client().post("/sell", data={}).headers["Cache-Control"] == "private, no-cache"
    assert alice.client().get("/sell").headers["Cache-Control"] == "private, no-store"


def test_people_read_where_to_write(app, anonymous, monkeypatch):
    assert 'href="mailto:help@xunshi.example"' not in anonymous.get("/").text, "a test's house names nobody"
    for contact, shown in (("help@shop.example", 'href="mailto:help@shop.example"'), ("0571-1234", "Write to us: 0571-1234")):
        monkeypatch.setitem(app.extensions, "xunshi", replace(app.extensions["xunshi"], contact=contact))
        assert shown in anonymous.get("/").text


def test_errors_speak_both_languages(app):
    for language, word in (("zh", r"[一-鿿]"), ("en", r"nothing here")):
        client = app.test_client()
        client.get(f"/language/{language}")
        assert re.search(word, page_of(client.get("/no-such"), 404))


# --- languages ---


@pytest.mark.parametrize(("chosen", "accept", "spoken"), [
    ("en", "zh-CN", "en"), ("zh", "en", "zh"), (None, "en-GB,en;q=0.8", "en"), (None, "zh-TW", "zh"),
    (None, "fr, en;q=0.5", "en"), (None, "fr", "zh"), (None, None, "zh"), ("xx", "en", "en"), ("", "", "zh"),
    (None, ";;;,,q=", "zh"), (None, "EN", "en"),
])  # fmt: skip
def test_which_language_is_spoken(chosen, accept, spoken):
    assert i18n.language_for(chosen, accept) == spoken


def test_a_choice_is_remembered_without_an_account(app):
    client = app.test_client()
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "en"}).text
    client.get("/language/zh")
    assert 'lang="zh-CN"' in client.get("/", headers={"Accept-Language": "en"}).text
    client.get("/language/tlh")
    assert 'lang="zh-CN"' in client.get("/", headers={"Accept-Language": "en"}).text


def test_sentences_outside_a_request():
    assert i18n.say("The audit log was exported", "en") == "The audit log was exported"
    assert re.search(r"[一-鿿]", i18n.say("The audit log was exported", "zh"))
    assert i18n.say("No such sentence %(x)s", "zh", x=1) == "No such sentence 1"
    assert i18n.say("", "zh") == "", "gettext would answer with its header"


def test_catalogues_are_joined_anew_when_one_changed(tmp_path):
    (tmp_path / "zh").mkdir()
    po = tmp_path / "zh" / "one.po"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    po.write_text(head + 'msgid "Hello"\nmsgstr "你好"\n', encoding="utf-8")
    made = i18n.compile_catalogue(tmp_path)
    first = made.read_bytes()
    assert "你好".encode() in first
    assert i18n.compile_catalogue(tmp_path).stat().st_mtime_ns == made.stat().st_mtime_ns
    import os

    (tmp_path / "zh" / "two.po").write_text(head + 'msgid "Bye"\nmsgstr "再见"\n', encoding="utf-8")
    later = made.stat().st_mtime + 5
    os.utime(tmp_path / "zh" / "two.po", (later, later))
    assert "再见".encode() in i18n.compile_catalogue(tmp_path).read_bytes()
    assert not list(made.parent.glob("*.tmp"))


# --- settings ---


def test_settings_of_a_fresh_machine():
    found = load({})
    assert (found.env, found.https, found.port, found.production) == ("development", False, 8000, False)
    assert found.database_url == f"sqlite:///{Path('data').resolve() / 'xunshi.db'}"
    assert found.base_url == "http://127.0.0.1:8000"


def test_settings_that_are_obeyed(tmp_path):
    found = load({
        "XUNSHI_DATA": str(tmp_path), "PORT": "8123", "XUNSHI_ENV": "production", "XUNSHI_HTTPS": "1",
        "XUNSHI_URL": "https://xunshi.example/", "DATABASE_URL": "postgresql://me@/db", "XUNSHI_ICP": "浙ICP备1号",
    })  # fmt: skip
    assert found.production
    assert found.https
    assert (found.data, found.port, found.icp) == (tmp_path, 8123, "浙ICP备1号")
    assert found.database_url == "postgresql+psycopg://me@/db"
    assert found.base_url == "https://xunshi.example"
    assert load({"DATABASE_URL": "postgres://me@/db"}).database_url == "postgresql+psycopg://me@/db"


@pytest.mark.parametrize(("environ", "word"), [
    ({"XUNSHI_ENV": "production"}, "HTTPS"), ({"XUNSHI_ENV": "production", "XUNSHI_HTTPS": "0"}, "HTTPS"),
    ({"XUNSHI_ENV": "production", "XUNSHI_HTTPS": "1"}, "XUNSHI_URL"),
    ({"XUNSHI_ENV": "prod"}, "development or production"), ({"PORT": "0"}, "PORT"), ({"PORT": "65536"}, "PORT"),
    ({"PORT": "http"}, "PORT"), ({"PORT": "-1"}, "PORT"), ({"PORT": "8 0"}, "PORT"), ({"PORT": "²"}, "PORT"),
])  # fmt: skip
def test_settings_that_cant_be_obeyed_stop_the_start(environ, word):
    with pytest.raises(BadSetting, match=word):
        load(environ)


def test_cookies_are_secure_exactly_over_https(app):
    assert app.config["SESSION_COOKIE_SECURE"] is False
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


# --- sheets ---


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_a_cell_is_never_a_formula(value):
    assert cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["a=1", "1-2", "a@b.example", "", None, 12, "中文", "'quoted'"])
def test_other_cells_stay_as_they_are(value):
    assert cell(value) == ("" if value is None else str(value))
    assert row(["a,b", 'c"d', None]) == '"a,b","c""d",\r\n'


@pytest.mark.slow
def test_an_address_with_a_nul_leads_nowhere(anonymous, alice, ines):
    for client in (anonymous, alice.client(), ines.client()):
        for path in ("/listings/%00", "/%00", "/certificates/%00"):
            assert page_of(client.get(path), 404) == "There is nothing here", path
        assert client.post("/listings/%00/publish").status_code == 404
        for path in ("/search?q=a%00b", "/search?q=%%0000"):
            answer = client.get(path)
            assert answer.status_code == 200 and "\x00" not in answer.text, path
    assert anonymous.get("/search?q=ab").status_code == 200
