"""No door without a rule, every permission used, every audit word readable, every port filled by somebody known."""

import pytest
from flask import Flask

from core import access, audit, ports
from core.access import needs, public


def test_every_endpoint_has_an_access_rule(house):
    access.check_doors(house)


def test_an_unguarded_door_keeps_the_house_shut():
    app = Flask("x")
    app.view_functions["static"].__access__ = "public"
    access.check_doors(app)
    app.add_url_rule("/open", "open", lambda: "x")
    with pytest.raises(RuntimeError, match="no access rule"):
        access.check_doors(app)
    app.view_functions["open"] = public(lambda: "x")
    access.check_doors(app)
    app.view_functions["open"] = needs("core:nothing:declared")(lambda: "x")
    access.DOORS.used.discard("core:nothing:declared")
    with pytest.raises(RuntimeError, match="no room declares"):
        access.check_doors(app)


def test_every_permission_has_predicates_and_a_use(house):
    table = access.DOORS.table
    assert all(row and all(entry for entry in row) for row in table.values())
    assert set(table) - access.DOORS.used == set(), "a permission nobody asks for"


def test_every_audit_word_has_a_sentence_in_both_languages(house):
    from core.i18n import say

    bare = [word for word, sentence in audit.WORDS.items() if not sentence or say(sentence, "zh") == sentence]
    assert not bare, "add the sentence to translations/zh"


def test_ports_name_their_providers(house):
    assert {port: set(ports.providers(port)) for port in ports.PORTS} == {
        "dossier": {"core", "privacy", "appraisal", "market"},
        "personal_data": {"core", "privacy", "appraisal", "market"},
        "retention": {"core", "privacy", "appraisal", "market"},
        "holds": {"core", "privacy", "market", "appraisal_booking", "consignment"},
        "standing": {"market"},
        "completed_sales": {"market"},
        "comparable_sales": {"market"},
        "offered_times": {"market"},
        "waiting": {"core", "privacy", "appraisal"},
        "log_place": {"privacy"},
        "paper_check": {"privacy"},
        "papers": {"appraisal"},
        "relations": {"market", "privacy"},
        "log_root": {"privacy"},
        "asked_price": {"market"},
        "wipe_standing": {"market"},
        "offer_page": {"market"},
        "graded_sale": {"market"},
        "number_standing": {"appraisal"},
        "data_owner": {"stock"},
    }
