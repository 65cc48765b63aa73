# Tocsin. `make` alone explains; each target is how the thing is really done.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help setup demo test check eval bench bench-quick chaos lock screenshots clean

help: ## Show this
	@echo "Tocsin: reads the world's news feeds and rings a webhook."; echo
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(READY) ## Make .venv with .venv/bin/tocsin, every package held to its hash

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tocsin needs Python 3.11 or newer: make setup PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@# setuptools warns that an editable installation is one.
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY) ## Recorded feeds in, signed webhooks out: see the whole thing run in ten seconds
	@$(BIN)/tocsin demo

test: $(READY) ## Every test, against real Redis, real HTTP peers and real processes
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(READY) ## Style (ruff) and types (mypy, strict)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: $(READY) ## Measure detection on the labelled items beside this checkout; writes EVALUATION.md
	$(BIN)/python -m tests.evaluation

bench: $(READY) ## Measure each stage beside a plain baseline of the same run, in ten minutes or so; writes BENCHMARKS.md
	$(BIN)/python -m tests.bench

bench-quick: $(READY) ## A little of each case of bench within a minute, to see that nothing broke
	BENCH=quick $(BIN)/python -m tests.bench

chaos: $(READY) ## Kill real processes and Redis, KILLS times (1000): the sink's own log must show that nothing was lost
	OUTAGE_S=60 $(BIN)/python -m pytest tests/system/test_kill.py tests/flow/test_crash_anywhere.py
	$(BIN)/python -m tests.chaos --kills $(or $(KILLS),1000) --folder build/chaos

lock: ## Choose the newest packages that fit, for every Python at once, and write their hashes
	@test -x $(VENV)-lock/bin/uv || { $(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install -q uv; }
	@for pair in "requirements.txt --extra semantic" "requirements-dev.txt --all-extras"; do set -- $$pair; file=$$1; shift; \
	  echo 'setuptools>=77' | $(VENV)-lock/bin/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o $$file "$$@" pyproject.toml - && echo "wrote $$file"; done

screenshots: $(READY) ## Pictures of the console's main pages in build/screenshots (wants chromium)
	$(BIN)/python -m tests.web.screenshots

clean: ## Remove what was made here
	rm -rf $(VENV) $(VENV)-lock build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
