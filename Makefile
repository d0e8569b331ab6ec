# Everything runs from .venv, which `make install` makes from requirements.lock; nothing has to be activated.
.DEFAULT_GOAL := help
.PHONY: help install demo dev fetch test long fuzz check bench lock clean

# The first Python that is new enough; another one: make PYTHON=/path/to/python3
CANDIDATES = python3.11 python3.12 python3.13 python3
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON = $(firstword $(foreach p,$(CANDIDATES),$(shell $(p) -c '$(NEW_ENOUGH)' 2>/dev/null && echo $(p))))

BIN = .venv/bin
UV = $(BIN)/uv pip
PYTEST_ARGS =
export VIRTUAL_ENV = $(CURDIR)/.venv

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

install: .venv/installed ## make .venv from requirements.lock

demo: fetch ## the whole loop of the model flights on real data
	$(BIN)/ml-platform demo

dev: fetch ## Dagster's UI beside MLflow's, on loopback
	$(BIN)/ml-platform dev

# The second line repairs what a damaged DVC cache has put back unnoticed.
fetch: install ## the raw data, as dvc.lock records it
	@$(BIN)/dvc repro fetch_flights fetch_employment
	@$(BIN)/ml-platform fetch

test: fetch ## the tests; PYTEST_ARGS='-k drift' chooses
	$(BIN)/python -m pytest -n 2 -m 'not long' $(PYTEST_ARGS)

long: fetch ## the tests that take minutes each: a year of deliveries beside a daemon, a second month of every kind of table
	$(BIN)/python -m pytest -n 2 -m long $(PYTEST_ARGS)

fuzz: fetch ## the property tests with thousands of examples; PYTEST_ARGS='--hypothesis-seed=7' gives others
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=fuzz --timeout=3600 $(PYTEST_ARGS)

check: install ## format, lint, types, import rules, and every file that some tool reads
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --package ml_platform
	$(BIN)/lint-imports
	for model in ml_platform/defs/*/; do $(BIN)/dg check yaml $$model || exit 1; done # it reads one per call
	$(BIN)/dg check defs
	$(BIN)/dvc stage list
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(UV) check --python $(BIN)/python

bench: fetch ## write docs/benchmarks.json and docs/benchmarks.md
	$(BIN)/python -m ml_platform_tests.benchmarks

lock: install ## requirements.lock anew from pyproject.toml
	$(UV) compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-strip-extras --group dev \
		--python $(BIN)/python --python-version 3.11 --custom-compile-command "make lock" \
		--output-file requirements.lock pyproject.toml

clean: ## remove what the platform made; the raw data and .venv stay
	find data -mindepth 1 -maxdepth 1 ! -name raw ! -name README.md -exec rm -rf {} +
	rm -rf dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "ml_platform needs Python 3.11 or newer; found: $$(python3 --version 2>&1). Try: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(BIN)/python -c '$(NEW_ENOUGH)' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@test -x $(BIN)/uv || { \
		sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock; }
	$(UV) sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	$(UV) install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@
