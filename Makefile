# `make run` opens the app, `make class` opens it to a class, `make quick` checks in minutes, `make test` checks everything. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
TWO := -n 2 --dist loadfile
# The browser's code is checked where Node.js is; the product needs none of it.
NODE := $(if $(and $(shell command -v npm),$(wildcard package.json)),node_modules/.package-lock.json)
# What does not need one another is set up and checked side by side.
MAKEFLAGS += --jobs=3

# Python keeps what it compiled, also where it is not to: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run class setup quick test lint lint-js lint-docker audit types docs pictures bench checkpoints bands report hooks browser \
        clean

run: $(VENV)/.product
	$(BIN)/python -m seqlab serve --port $(PORT)

# Open to the network, for who has the code that it prints: make class OPTIONS="--password 'blue whale'"
class: $(VENV)/.product
	$(BIN)/python -m seqlab class --port $(PORT) $(OPTIONS)

# All that the tests need.
setup: browser $(VENV)/.tools $(NODE)

# Lint, types, and the tests that need neither Chromium nor training and do not take long.
quick: lint
	$(BIN)/python -m pytest $(TWO) -m "not e2e and not trains and not slow"

# What is timed in Chromium runs alone and last.
test: setup lint
	$(BIN)/python -m pytest $(TWO) -m "not e2e"
	$(BIN)/python -m pytest $(TWO) -m "e2e and not timed"
	$(BIN)/python -m pytest -m timed

lint: types lint-js lint-docker
	$(BIN)/ruff check .

types: $(VENV)/.tools
	$(BIN)/mypy

lint-js: $(NODE)
ifeq ($(NODE),)
	@echo "JavaScript is not checked: there is no Node.js here"
else
	npm run --silent lint
	npm test --silent
endif

node_modules/.package-lock.json: package-lock.json
	npm ci --silent --no-audit --no-fund
	touch $@

# Known vulnerabilities of the pinned packages, where the registry says any.
audit: $(VENV)/.tools
	$(BIN)/python -m tests.audit

lint-docker: $(VENV)/.tools
	$(BIN)/hadolint Dockerfile

# The documentation as a site that opens from its folder; a warning, or a link that leads nowhere, fails it.
docs: $(VENV)/.tools
	$(BIN)/python -m docs.site build/site

# The pictures of the pages that the documentation shows, all or some: make pictures PAGES="echo home"
pictures: $(VENV)/.tools browser
	$(BIN)/python -m tests.pictures $(PAGES)

bench: $(VENV)/.tools browser
	$(BIN)/python -m tests.benchmarks

# Measures of the code, at an earlier commit and now: make report BASE=d152b5c
report: $(VENV)/.tools
	$(BIN)/python -m tests.house --base $(BASE)

# Trains every shipped network again, from its seed, into checkpoints/.
checkpoints: $(VENV)/.product
	$(BIN)/python -m seqlab checkpoints

# Measures the bands of each recipe whose file is out of date: three quarters of an hour of a core for all of them.
bands: $(VENV)/.product
	nice -n 15 $(BIN)/python -m seqlab bands

# Lint and types before each commit.
hooks: $(VENV)/.tools
	$(BIN)/pre-commit install

# torch comes first and alone: where a CPU build is to be had, this is what picks it.
$(VENV)/.product: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "$$(grep '^torch==' requirements.txt)"
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.tools: $(VENV)/.product requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

# The tests drive a system Chromium, and one stands behind nginx; Debian's packages are installed where they are not found.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || (apt-get update -q && apt-get install -y -q --no-install-recommends chromium)
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx \
	  || (apt-get update -q && apt-get install -y -q --no-install-recommends nginx-light) \
	  || echo "nginx is not here, so the test behind it is skipped"

clean:
	rm -rf $(VENV) build node_modules .mypy_cache .ruff_cache .pytest_cache
