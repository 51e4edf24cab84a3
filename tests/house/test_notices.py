"""Every notice in the house is of a kind that somebody chose: by its link or said at the call, never by falling through."""

import ast
from pathlib import Path

from core.people.notice_rules import KINDS
from core.people.notices import _PREFIXES, kind_of

ROOT = Path(__file__).resolve().parents[2]


def calls():
    for room in ("core", "privacy", "appraisal", "market"):
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for around in ast.walk(tree):
                if isinstance(around, ast.FunctionDef):
                    for node in ast.walk(around):
                        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "notify":
                            yield f"{path.relative_to(ROOT)}:{node.lineno}", node, named(around)


def named(function):
    """Names that this function gives a value of its own, once, with that value."""
    found = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            pairs = zip(target.elts, node.value.elts, strict=True) if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple) else [(target, node.value)]
            for name, value in pairs:
                if isinstance(name, ast.Name):
                    found[name.id] = None if name.id in found else value
    return found


def beginning(link, names):
    """What is known of a link by reading: the text before the first value."""
    if isinstance(link, ast.Name):
        link = names.get(link.id)
    if isinstance(link, ast.Constant):
        return link.value
    if isinstance(link, ast.JoinedStr) and isinstance(link.values[0], ast.Constant):
        return link.values[0].value
    return None


def test_every_notice_has_its_kind(house):
    fallen, unread = [], []
    for place, call, names in calls():
        kind = next((one.value for one in call.keywords if one.arg == "kind"), None)
        if kind is not None:
            assert isinstance(kind, ast.Constant) and kind.value in KINDS, place
            continue
        start = beginning(call.args[3], names)
        if start is None:
            unread.append(place)
        elif not any(start == prefix or start.startswith(prefix + "/") for prefix in _PREFIXES):
            fallen.append(f"{place} {start}")
    assert not fallen, "say `leads(kind, prefix)` in the room's register(), or kind= at the call"
    assert len(unread) <= 8, f"links made elsewhere can't be read here: {unread}"


def test_what_nobody_spoke_for_is_never_off(house):
    assert kind_of("/made/up") == "safety" and KINDS["safety"].always
