"""`flask shops`: what stands, and a check of a text, for scripts."""

import json

from market.shops.cli import shops


def run(app, *words):
    return app.test_cli_runner().invoke(shops, list(words))


def test_the_list_tells_ground_points_and_whether_goods_are_taken(app, opened, licensed):
    opened()
    told = json.loads(run(app, "list", "--json").output)
    assert [(one["name"], one["ground"], one["takes_goods"], [p["state"] for p in one["points"]]) for one in told] == [("西湖旧货行", "licence", True, ["open"])]
    assert "takes goods" in run(app, "list", "--district", "330106").output
    assert run(app, "list", "--district", "330105").output == "no shop has a point\n"
    assert run(app, "list", "--district", "nope").exit_code == 2


def test_a_rules_text_is_checked_from_a_script(app, tmp_path):
    void, fine = tmp_path / "void.txt", tmp_path / "fine.txt"
    void.write_text("\ufeff本店拥有最终解释权", encoding="utf-8")
    fine.write_text("七日内可以退换", encoding="utf-8")
    answer = run(app, "check-rules", str(void), "--json")
    assert answer.exit_code == 1 and json.loads(answer.output)[0]["code"] == "last_word"
    assert run(app, "check-rules", str(void)).exit_code == 1 and run(app, "check-rules", str(fine)).exit_code == 0
    (tmp_path / "gbk.txt").write_bytes("概不退换".encode("gbk"))
    assert run(app, "check-rules", str(tmp_path / "gbk.txt")).exit_code == 2
