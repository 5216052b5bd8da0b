# Two commands are enough on a fresh machine: `make serve` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
LOCKER := .venv-lock
COMPILE := $(LOCKER)/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
           --no-emit-index-url --no-emit-find-links
INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes --requirement
PARTS   := dist/parts

# The clone's own database, unless another is named.
serve token: export REGESTA_DB ?= sqlite:///regesta.sqlite

.DEFAULT_GOAL := help
.PHONY: help serve token test check laws prove bench pages parts lock clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'
serve: $(READY) ## start the server on the loopback address, with the registers of fixtures/ in it
	$(BIN)/python -m api serve --with fixtures
token: $(READY) ## make a key for writing to that server: make token NAME=editor
	@$(BIN)/python -m api token create $(or $(NAME),$(error give a name: make token NAME=editor)) --scope record
test: $(READY) ## run every test
	$(BIN)/python -m pytest -n auto
check: $(READY) ## what CI runs: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n auto
laws: $(READY) ## try every law on 10,000 random registers
	$(BIN)/python -m pytest -n auto --hypothesis-profile laws tests/laws tests/tables
prove: $(READY) ## try to break every promise, and print what held: docs/reliability.md; takes some minutes
	$(BIN)/python -m prove
bench: $(READY) ## measure the program on synthetic registers, as docs/speed.md says; the first time takes long
	$(BIN)/python -m bench
pages: $(READY) ## make the pages and examples that are made from registers and code, and tell what is amiss with the facts
	$(BIN)/python -m ledger
parts: ## list what the program runs with, for a release: licences with their texts, and an SBOM, in dist/parts
	rm -rf $(PARTS)
	$(PYTHON) -m venv $(PARTS)/run
	$(PARTS)/run/bin/python $(INSTALL) requirements.txt
	$(PYTHON) -m venv $(PARTS)/tools
	$(PARTS)/tools/bin/python $(INSTALL) requirements-parts.txt
	$(PARTS)/tools/bin/pip-licenses --python $(PARTS)/run/bin/python --format=plain-vertical --with-license-file \
	    --no-license-path --output-file $(PARTS)/licences.txt
	$(PARTS)/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
	    --output-file $(PARTS)/sbom.json $(PARTS)/run/bin/python
lock: ## resolve the hash-pinned locks again from pyproject.toml
	$(PYTHON) -m venv --clear $(LOCKER)
	$(LOCKER)/bin/python -m pip install --quiet uv
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(COMPILE) --group parts --output-file requirements-parts.txt
clean: ## drop environments and caches
	rm -rf $(VENV) $(LOCKER) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist

# The environment is exactly the lock: a changed lock rebuilds it from nothing.
$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python $(INSTALL) $<
	@touch $@
