# Desk: every task a developer or a newcomer needs. Nothing has to be installed by hand
# besides git, make and Python 3.11 or later.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
ARGS   ?=
SEED   ?=
FIRST  ?= 1
COUNT  ?= 200
# Tests of the screens wait more than they reckon: more of them than cores.
TOGETHER = $(shell $(BIN)/python -c 'import os; n = os.cpu_count() or 1; print(min(2 * n, n + 4))')

.PHONY: demo test torture check bench lock docs clean venv dev

demo: $(VENV)/.run            ## watch a release go public on three channels
	@$(BIN)/python desk.py demo $(ARGS)

test: $(VENV)/.dev            ## run all tests
	$(BIN)/python -m pytest -q -n $(TOGETHER) --dist loadgroup -m "not instants" $(ARGS)
	$(BIN)/python -m pytest -q -m instants $(ARGS)

torture: $(VENV)/.dev         ## random faults: COUNT schedules from FIRST on, or only SEED
	@$(BIN)/python -m tests.torture $(if $(SEED),--seed $(SEED),--first $(FIRST) --count $(COUNT)) $(ARGS)

check: $(VENV)/.dev           ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.run           ## measure the budgets, print a table, write benchmarks/results.json
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/.dev            ## make the generated pages of docs/ and models/tables.py again
	$(BIN)/python -m desk.store.tabling
	$(BIN)/python desk.py docs write

lock:                         ## pin the newest versions again (needs uv on the PATH)
	for name in requirements requirements-dev; do \
	  uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header $$name.in -o $$name.txt; done

venv: $(VENV)/.run
dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "Desk needs Python 3.11 or later; this is %d.%d. Try: make PYTHON=python3.12 ..." % v[:2])'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Desk needs into $(VENV) (once) ..." >&2
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what developing Desk needs into $(VENV) (once) ..." >&2
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements-dev.txt
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
