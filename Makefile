# Everything that people do here is one word. `make help` lists the words.
#
# Only Python 3.11 or newer and make are needed: a virtual environment is made in .venv.
# PYTHON chooses another interpreter:  make test PYTHON=python3.12

PYTHON ?= python3
TESTS ?= tests
ARGS ?=
FUZZ ?= 109000
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.ready-to-run
DEV := $(VENV)/.ready-to-develop
TOX := $(BIN)/tox

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help conformance deep subjects test test-fast matrix faulty lint typecheck format vectors kills repair seeds examples causes innocents pages fuzz fuzz-guided fuzz-reading limits durability mutants mutants-shop check-vectors bench docs build requirement-set release sbom clean

help: ## list the words
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

conformance: $(RUNTIME) ## the main job: check the bundled reference merchant
	$(BIN)/alipay-qr check

deep: $(RUNTIME) ## the bundled merchant at full depth with three seeds: level 4 and no finding, or it fails
	for seed in 0 1 2; do \
	  $(BIN)/alipay-qr check --depth deep --seed $$seed --fail-on should --require-level 4 || exit 1; \
	done

subjects: $(DEV) ## published packages of PyPI and npm through the kit; writes docs/ecosystem.md (needs node)
	$(BIN)/python -m tools.subjects --write

test: $(DEV) ## all tests, against the built wheel; TESTS=folder and ARGS="-k name" choose
	$(TOX) run -e py -- $(TESTS) $(ARGS)

test-fast: $(DEV) ## the Python tests in this tree, without the slow ones
	$(BIN)/python -m pytest -m "not slow and not runtime" $(TESTS) $(ARGS)

matrix: $(DEV) ## all tests on every Python and pytest that we support, every example shop every way, and the lint
	$(TOX) run
	$(TOX) run -e py311-pytest9,py312-pytest9,py313-pytest9 -- $(CURDIR)/tests/examples/matrix.py

faulty: $(DEV) ## every faulty merchant through every case, where the tests spare each what is far from its fault; long
	ALIPAY_QR_FAULTY=full $(BIN)/python -m pytest -n 2 tests/faulty/test_merchants.py tests/faulty/test_kills.py $(ARGS)

lint: $(DEV) ## style, formatting, types, import floors, vectors, computed pages
	$(TOX) run -e lint

typecheck: $(DEV) ## types alone
	$(BIN)/python -m mypy

format: $(DEV) ## put the code into the one form that the lint accepts
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

vectors: $(DEV) ## write vectors/ anew, byte for byte the same unless a builder changed
	$(BIN)/python -m tools.vectors
	$(BIN)/python -m tools.pages --kills

fuzz-reading: $(DEV) ## a right message in 100,000 random surroundings: never called wrong
	READING_EXAMPLES=100000 $(BIN)/python -m pytest -q -n 0 tests/alipay_qr_conformance/doctor/test_judge.py -k surroundings

fuzz: $(DEV) ## a million inputs for all that reads bytes of others; half an hour, FUZZ=1000 for a short one
	FUZZ_EXAMPLES=$(FUZZ) $(BIN)/python -m pytest -q -n 2 tests/alipay_qr_conformance/test_fuzz.py $(ARGS)

fuzz-guided: $(DEV) ## the same under atheris, which keeps inputs that reach new lines; ARGS=reader names one
	$(BIN)/python -m pip install --quiet --group fuzz
	$(BIN)/python tests/alipay_qr_conformance/fuzz_guided.py $(ARGS)

limits: $(DEV) ## measure what the worst input of each class costs; writes docs/limits.md
	$(BIN)/python -m tools.limits --write

durability: $(DEV) ## 100,000 acknowledged requests under 60 kill -9, and 50 copies of the running gateway's files
	DURABILITY_KILLS=60 DURABILITY_COPIES=50 DURABILITY_REQUESTS=1700 $(BIN)/python -m pytest -q -n 0 \
	  tests/alipay_qr_conformance/sandbox/test_command.py -k "survives_kill or copy_of_the_files"

mutants: $(DEV) ## mutation testing of the pure floors with mutmut; long, and no part of the check
	$(BIN)/python -m pip install --quiet --group mutants
	$(BIN)/python -m tools.mutants $(ARGS)

mutants-shop: $(DEV) ## change one thing at a time in two shops, and let `check` alone judge them; hours; ARGS="python --sample 60"
	$(BIN)/python -m tools.mutants_shop $(ARGS)

kills: $(DEV) ## compute anew whom each vector exposes: vectors/kills.json and the pages
	$(BIN)/python -m tools.pages --kills

pages: $(DEV) ## write the computed pages anew; CHECK=1 says only whether they are as written
	$(BIN)/python -m tools.pages $(if $(CHECK),--check)

repair: $(DEV) ## shops with twenty faults are mended by the kit's words alone; ARGS="--language php --seed 2" chooses
	$(BIN)/python tests/repair/loop.py $(ARGS)

seeds: $(DEV) ## whether a faulty merchant's accusations are the same with five seeds; hours; ARGS names some
	$(BIN)/python tests/faulty/seeds.py $(ARGS)

examples: $(DEV) ## what finds the faults that once passed for conforming, at which depth; ARGS=A names a kind
	$(BIN)/python tests/faulty/examples.py $(ARGS)

causes: $(DEV) ## how many causes a faulty merchant has, and whether the first names its fault
	$(BIN)/python tests/faulty/causes.py

innocents: $(DEV) ## harmless variants through every case, edition and channel; hours; ARGS="--channel object wire/" chooses
	$(BIN)/python tests/harmless/cross.py $(ARGS)

check-vectors: $(DEV) ## say whether vectors/ is what the builders write
	$(BIN)/python -m tools.vectors --check

bench: $(DEV) ## ratios against limits and peers, measured side by side
	$(BIN)/python -m pip install --quiet --group bench
	cd benchmarks && for each in signing runs adapters vectors gateway audit; do ../$(BIN)/python $$each.py || true; done

docs: $(DEV) ## the documentation in build/docs, warnings are errors
	$(BIN)/python -m sphinx -W --keep-going -b html docs build/docs

requirement-set: $(DEV) ## freeze the requirements of today, before a release; ARGS=2026-11-30 names another day
	$(BIN)/python -m tools.requirement_set $(ARGS)

release: $(DEV) ## sdist, wheel and their checksums in dist/, the same bytes from every tree of a commit
	rm -rf dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build
	cd dist && sha256sum * > SHA256SUMS && cat SHA256SUMS

sbom: $(DEV) ## write sbom.cdx.json anew: what a wheel needs
	$(BIN)/python -m tools.sbom

build: $(DEV) ## sdist and wheel in dist/
	$(BIN)/python -m build

clean: ## remove what the words above have made
	rm -rf $(VENV) .tox dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is older or missing. Try: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(RUNTIME): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q conformance reference_impl  # as pip does with what it copies
	@touch $@

$(DEV): pyproject.toml | $(RUNTIME)
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@
