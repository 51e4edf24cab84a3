"""Setting up brings a font only where there is none, and never stops for the lack of one."""

from core import font_setup, fonts


def test_nothing_is_fetched_where_a_font_stands(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(fonts, "fonts", lambda: (fonts.Font(fonts.IN_ENVIRONMENT),))
    monkeypatch.setattr(font_setup, "from_debian", lambda: asked.append("debian"))
    monkeypatch.setattr(font_setup, "from_npm", lambda: asked.append("npm"))
    monkeypatch.setattr(fonts, "font_status", lambda: "PDF files use a font")
    font_setup.main()
    assert asked == []
    assert "PDF files use" in capsys.readouterr().out


def test_each_source_is_tried_and_a_fault_is_no_end(monkeypatch, capsys):
    asked = []

    def broken():
        asked.append("debian")
        raise OSError("no apt here")

    monkeypatch.setattr(fonts, "fonts", lambda: ())
    monkeypatch.setattr(font_setup, "from_debian", broken)
    monkeypatch.setattr(font_setup, "from_npm", lambda: asked.append("npm"))
    monkeypatch.setattr(fonts, "font_status", lambda: "PDF files need a Chinese font")
    font_setup.main()
    assert asked == ["debian", "npm"]
    assert "need a Chinese font" in capsys.readouterr().out
