# Everything a user or a developer does here, each safe to repeat.
#   make run      set up, ingest the sample archive through Airflow, show trends
#   make test     set up, run all tests
#   make up       set up, start the Airflow UI; Ctrl-C stops it
#   make cluster  set up, start Airflow on Celery with PostgreSQL, Redis and two workers; Ctrl-C stops it
#   make check    lint, types, layers, tests: what CI runs
#   make bench    print what can be measured without a corpus; takes long
#   make lock     resolve the newest versions that pyproject.toml allows
#   make clean    remove environment, Airflow's home and caches; data/ stays, with what you collected

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The first Python on the path that runs and is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; \
	done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup run test up cluster check lint types layers bench clean lock

help:  ## say what can be made
	@grep -E '^#   make' Makefile | cut -c5-

setup: $(READY)  ## a virtual environment with exactly the locked packages

$(READY): requirements.lock pyproject.toml scripts/setup.py
	@test -n "$(PYTHON)" || { echo "Wirewatch needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12 …"; exit 2; }
	@$(PYTHON) scripts/setup.py
	@touch $@

run: $(READY)
	@$(BIN)/python scripts/run.py

up: $(READY)
	@exec $(BIN)/python scripts/up.py

cluster: $(READY)
	@exec $(BIN)/python scripts/cluster.py

test: $(READY)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@test ! -x $(BIN)/biome || $(BIN)/biome lint --error-on-warnings plugins/wirewatch_airflow/static/*.js plugins/wirewatch_airflow/static/coverage/*.js

types: $(READY)
	@$(BIN)/mypy
	@MYPYPATH=plugins:scripts:tests/hostile $(BIN)/mypy --explicit-package-bases plugins dags scripts \
	  --exclude train_block_trees.py
	@MYPYPATH=models/attribution:bench $(BIN)/mypy --explicit-package-bases models/attribution
	@MYPYPATH=bench $(BIN)/mypy --explicit-package-bases scripts/train_block_trees.py  # bench has an airflow.py

layers: $(READY)
	@$(BIN)/lint-imports

check: lint types layers test

bench: $(READY)
	@failed=; for script in $$(grep -l __main__ bench/*.py); do \
	  echo "== $$script"; $(BIN)/python $$script || failed="$$failed $$script"; \
	done; test -z "$$failed" || { echo "not measured:$$failed (above it stands why)"; exit 1; }

lock: $(READY)  ## resolve the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --extra dev --extra cluster pyproject.toml -o requirements.lock

clean:  ## the archive in data/ cannot be had again: removing that is for its owner to decide
	@rm -rf .airflow .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
