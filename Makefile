# Cutline. `make help` lists the commands.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
ORDERS ?= sample
PORT ?= 8501

.DEFAULT_GOAL := help

.PHONY: help run test test-fast bench build sample format clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run  ## set up, build what is missing, start the app (ORDERS=FILE ARGS="--map ..." for your own)
	@if [ "$(ORDERS)" = sample ]; then $(BIN)/python -m core build sample --if-missing > /dev/null; \
	elif [ -f "$(ORDERS)" ]; then $(BIN)/python -m core build "$(ORDERS)" $(ARGS) > /dev/null; fi
	@CUTLINE_ORDERS="$(ORDERS)" $(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/.dev  ## everything: lint, format, types, tests, browser
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/oxlint pages
	@$(BIN)/mypy
	@$(BIN)/python -m core build sample --if-missing > /dev/null
	@$(BIN)/python -m pytest

test-fast: $(VENV)/.dev  ## the tests without the browser
	@$(BIN)/python -m pytest -m "not browser"

sample: $(VENV)/.run  ## make the sample marketplace and its model anew
	@$(BIN)/python -m core build sample

bench: $(VENV)/.dev  ## every benchmark, each a ratio against a named peer
	@$(BIN)/python -m core build sample --if-missing > /dev/null
	@for file in benchmarks/[a-z]*.py; do $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

format: $(VENV)/.dev  ## format the code
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

clean:  ## remove the environment and everything built
	rm -rf $(VENV) data/built .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.run: requirements.txt
	@test -x $(BIN)/python || { echo "Making $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing requirements.txt"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing requirements-dev.txt"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
