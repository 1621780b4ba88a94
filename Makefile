# Everything a user or a developer does here, each safe to repeat.
#   make run     set up, ingest the sample archive through Airflow, show trends
#   make test    set up, run all tests
#   make up      set up, start the Airflow UI; Ctrl-C stops it
#   make check   lint, types, layers, tests: what CI runs
#   make bench   print what is measured
#   make clean   remove what run, up and the tests made (not your own data)

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

test: $(READY)
	@$(BIN)/python -m pytest -n 2

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

layers: $(READY)
	@$(BIN)/lint-imports

check: lint types layers test

bench: $(READY)
	@for script in bench/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script; done

lock: $(READY)  ## resolve the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --extra dev --extra cluster pyproject.toml -o requirements.lock

clean:
	@rm -rf .airflow data .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
