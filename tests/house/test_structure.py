"""The structure that architecture.md promises, held by reading the source. Each message says what to do instead."""

import ast
import configparser
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [p for room in ("core", "privacy", "appraisal", "market") for p in sorted((ROOT / room).rglob("*.py"))]
CODE.append(ROOT / "app.py")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def places(pattern: str, files: list[Path], allowed: tuple[str, ...] = ()) -> list[str]:
    found = []
    for path in files:
        name = str(path.relative_to(ROOT))
        if name in allowed:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(pattern, line) and not line.strip().startswith("#"):
                found.append(f"{name}:{number}: {line.strip()}")
    return found


def test_no_path_of_a_place_where_this_was_made():
    """Sources are named by their title; a path that only one machine has helps no reader."""
    texts = [path for ending in ("*.py", "*.toml", "*.md", "*.html", "*.po") for path in ROOT.rglob(ending)]
    ours = [p for p in texts if not {".venv", ".git", "mutants", "node_modules"} & set(p.relative_to(ROOT).parts)]
    assert not places(r"shared/design|(?<![\w.])/work/", ours, ("tests/house/test_structure.py",))


def test_one_commit_in_the_whole_house():
    code = [p for p in CODE if "search" not in p.parts]  # the search engine's own files have commits of another kind
    assert not places(r"\.commit\(", code, ("core/work.py",)), "open a Work; it commits"


def test_states_change_only_through_the_table():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in getattr(node, "targets", None) or [node.target]  # type: ignore[union-attr]
        if isinstance(target, ast.Attribute) and target.attr == "state"
    ]
    assert not found, "walk(w, TABLE, row, verb) moves a row along an arrow"


def test_the_clock_is_read_in_one_place():
    pattern = r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\("
    # verify.py runs copied alone, on a reader's computer: it has only that clock
    assert not places(pattern, CODE, ("core/clock.py", "privacy/verify.py")), "core.clock.now() is the house's clock"


def test_no_float_near_money():
    files = [p for p in CODE if {"ledger", "orders", "payments", "till"} & set(p.parts) or p.name == "money.py"]
    floats = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]
    assert not floats, "money is whole minor units"


def test_rules_import_no_framework_and_no_clock():
    bad = r"^\s*(from|import) (flask|sqlalchemy|core\.(clock|db|web|work|files)|datetime import datetime$)"
    assert not places(bad, [p for p in CODE if p.name.endswith("rules.py")]), "rules decide; actions store"


def test_no_secret_bypass_of_i18n_in_code():
    han = r"[一-鿿]"
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value[:30]}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(han, node.value)
        and path.name not in WITH_CHINESE_DATA and not _is_docstring(path, node)
    ]  # fmt: skip
    assert not found, "Chinese belongs into translations/ or data files"


# data for reading and judging Chinese: sample letters for fonts, words of tricks, numerals, fillers
WITH_CHINESE_DATA = {"fonts.py", "paper.py", "folding_rules.py", "number_rules.py", "phrase_rules.py", "condition_rules.py", "stretches.py", "analyser.py", "house.py", "rules.py", "restricted_rules.py", "nwipe.py", "money.py", "ids.py", "verify.py", "snapshot.py", "placeholders.py"}


def _is_docstring(path: Path, node: ast.Constant) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    firsts = [holder.body[0] for holder in ast.walk(tree) if isinstance(holder, holders) and holder.body]
    return any(isinstance(first, ast.Expr) and first.value.lineno == node.lineno for first in firsts if isinstance(first, ast.Expr))


def test_templates_have_no_inline_script_or_style():
    found = places(r"<script(?![^>]*\bsrc=)|\sstyle=|\son(click|submit|change|load|error)=|javascript:", TEMPLATES)
    assert not found, "the Content-Security-Policy refuses inline code: put it into static/"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_every_page_template_extends_a_layout_and_names_itself(path):
    if path.parent.name.startswith("_") or path.name.startswith("_"):
        return
    text = path.read_text(encoding="utf-8")
    assert "{% extends " in text, "a page extends _layout/base.html, narrow.html, print.html or error.html"
    assert "{% block title %}" in text, "a page has a title"


def test_forms_that_post_carry_the_token():
    missing = []
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form[^>]*method=.post.*?</form>", text, re.S | re.I):
            if not re.search(r"csrf|hidden_tag|hidden_fields", form):
                missing.append(str(path.relative_to(ROOT)))
    assert not missing, "use form_box or post_button: they carry the CSRF token"


def test_modules_stay_small():
    long = {
        str(p.relative_to(ROOT)): count for p in CODE if (count := len(p.read_text("utf-8").splitlines())) > 300
    }
    long.pop("privacy/verify.py", None)  # one file on purpose: it is copied and runs alone
    assert not long, "a feature that grows wants its own folder"


def test_nothing_of_others_is_committed():
    kinds = (".woff", ".woff2", ".ttf", ".otf", ".ttc", ".min.js", ".min.css")
    assert not [p for p in (ROOT / "static").rglob("*") if p.name.endswith(kinds)]


SHELVES = {"views", "cli", "forms", "actions", "queries", "models", "rules"}


def test_every_feature_stands_under_the_contract_of_its_shelves():
    """`make lint` holds views -> forms -> actions -> queries -> models -> rules; here: for all features, new ones too."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    listed = set(contracts["importlinter:contract:shelves"]["containers"].split())
    packages = {path.parent for path in CODE if path.name == "__init__.py"} - {ROOT / room for room in ("core", "privacy", "appraisal", "market")}
    shelves = {one: {p.stem for p in one.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()} & SHELVES for one in packages}
    features = {".".join(one.relative_to(ROOT).parts) for one, there in shelves.items() if len(there) > 1}
    assert features - listed == set(), "add it to the containers of the contract `shelves` in .importlinter"


def test_the_contract_of_shelves_would_see_a_step_upwards(tmp_path):
    """A package of its own, once in order and once with an action that imports a page."""
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8").split("[importlinter:contract:shelves]")[1]
    contract = re.sub(r"containers =\n(    .*\n)+", "containers = shelf\n", contract)
    (tmp_path / "shelf").mkdir()
    (tmp_path / ".importlinter").write_text("[importlinter]\nroot_package = shelf\n[importlinter:contract:shelves]" + contract, encoding="utf-8")
    for name in ("__init__", "views", "actions", "rules"):
        (tmp_path / "shelf" / f"{name}.py").write_text("", encoding="utf-8")
    outcome = []
    for line in ("import shelf.rules\n", "import shelf.views\n"):
        (tmp_path / "shelf" / "actions.py").write_text(line, encoding="utf-8")
        command = [str(ROOT / ".venv/bin/lint-imports"), "--no-cache"]
        outcome.append(subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(tmp_path)}).returncode)
    assert outcome == [0, 1]


# what is drawn with which library, where, and by whom one has it drawn
MAKERS = {
    "PDF": (r"\b(?:from|import) (?:fpdf|reportlab)\b", ("core/ink_embedded.py", "core/ink_reader.py"), "core.pdf"),
    "QR and Code 128": (r"\b(?:from|import) (?:segno|barcode)\b", ("core/labels.py", "core/paper.py"), "core.labels"),
}


@pytest.mark.parametrize("what", MAKERS)
def test_one_maker_of_each_kind_of_paper(what):
    pattern, makers, asked = MAKERS[what]
    assert places(pattern, CODE, makers) == [], f"{what} comes from {asked}"
    assert all(places(pattern, [ROOT / one]) for one in makers), "the maker is there"


def test_no_page_uses_a_name_that_the_layout_sets(house):
    """What the layout sets wins over a page's own value of that name: forms would be sent to, and ways back lead to, the page's own address."""
    from core.page import Page

    def all_of(kind: type) -> list[type]:
        return [kind, *(deeper for one in kind.__subclasses__() for deeper in all_of(one))]

    layouts = (ROOT / "templates" / "_layout").glob("*.html")
    taken = {name for one in layouts for name in re.findall(r"{%-? set (\w+) =", one.read_text(encoding="utf-8"))}
    fields = {(kind.__name__, name) for kind in all_of(Page) for name in kind.__dataclass_fields__ if name in taken}
    others = (path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "_layout")
    set_again = {(path.name, name) for path in others for name in re.findall(r"{%-? set (\w+)", path.read_text(encoding="utf-8")) if name in taken}
    assert taken and not fields | set_again
