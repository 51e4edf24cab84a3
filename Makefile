# The house's commands. `make run` and `make test` are enough on a fresh machine with Python 3.11 and make.
PYTHON ?= python3.11
PY := .venv/bin/python
FLASK := .venv/bin/flask
.PHONY: setup setup-dev run demo quick test lint soak mutate bench clean

setup: .venv/.ready
.venv/.ready: requirements.txt pyproject.toml
	@test -x .venv/bin/python || $$(command -v $(PYTHON) || command -v python3) -m venv .venv
	@.venv/bin/python -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@.venv/bin/python -m pip install -q --disable-pip-version-check --upgrade "setuptools>=77" -r requirements.txt
	@.venv/bin/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@.venv/bin/python -m core.font_setup
	@touch $@

setup-dev: .venv/.ready-dev
.venv/.ready-dev: .venv/.ready requirements-dev.txt
	@.venv/bin/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: setup
	@exec $(FLASK) start

demo: setup
	@$(FLASK) prepare
	@$(FLASK) demo

quick: setup-dev
	@XUNSHI_QUICK=$$(date +%Y%m%d) $(PY) -m pytest -n 2 -m "not slow and not browser and not root"

test: setup-dev
	@$(PY) tests/run.py

lint: setup-dev
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

soak: setup-dev
	@$(PY) tests/soak.py

mutate: setup-dev
	@$(PY) tests/mutate.py

bench: setup-dev
	@for one in bench/*.py; do $(PY) $$one || exit 1; done

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
