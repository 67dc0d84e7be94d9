# Two commands matter: `make run` opens the app, `make test` checks everything. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: run test lint bench checkpoints browser clean

run: $(VENV)/.product
	$(BIN)/python -m seqlab serve --port $(PORT)

test: $(VENV)/.tools browser lint
	$(BIN)/python -m pytest

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.tools browser
	$(BIN)/python -m tests.benchmarks

# Trains every shipped network again, from its seed, into checkpoints/.
checkpoints: $(VENV)/.product
	$(BIN)/python -m seqlab checkpoints

# torch comes first and alone: where a CPU build is to be had, this is what picks it.
$(VENV)/.product: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "$$(grep '^torch==' requirements.txt)"
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.tools: $(VENV)/.product requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

# The tests drive a system Chromium; Debian's package is installed where none is found.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || (apt-get update -q && apt-get install -y -q --no-install-recommends chromium)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
