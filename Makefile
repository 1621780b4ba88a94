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

PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup run test up cluster check lint types layers bench clean lock

help:  ## say what can be made
	@grep -E '^#   make' Makefile | cut -c5-

setup: $(READY)  ## a virtual environment with exactly the locked packages

$(READY): requirements.lock pyproject.toml scripts/setup.py
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
