# A machine needs Python 3.11 to 3.13 and make; everything else goes into .venv.
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.set-up
OUT ?= out
SAMPLE ?= saas-scaleup
SAMPLES := $(dir $(wildcard data/samples/*/client.yml))
WORKERS ?= 2
ROUNDS ?= 10
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help setup demo app lab test quality format check explore scoreboard soak soak-batch soak-app bench bench-app bench-batch environment

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */ /' | while read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

setup: $(SETUP)  ## a virtual environment with the locked packages

$(SETUP): requirements.lock pyproject.toml
	@sh tools/make_venv.sh "$(VENV)"
	$(PIP) install --quiet --no-deps --require-hashes --compile -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## the sample clients from files to packs, and where to look
	$(BIN)/workbook run $(SAMPLES) --out $(OUT) --jobs $(WORKERS)
	@echo
	@echo "The app in a browser:    make app     (or: $(BIN)/workbook serve $(OUT)/$(SAMPLE))"
	@echo "The notebooks:           make lab"

$(OUT)/$(SAMPLE)/current: | $(SETUP)
	$(BIN)/workbook run data/samples/$(SAMPLE) --out $(OUT)

app: setup $(OUT)/$(SAMPLE)/current  ## the app on one sample client
	$(BIN)/workbook serve $(OUT)/$(SAMPLE)

lab: setup $(OUT)/$(SAMPLE)/current  ## JupyterLab on the same notebooks
	$(BIN)/workbook lab $(OUT)/$(SAMPLE)

test: setup  ## every test: units, laws, hostile input, notebooks, browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile tests

quality: setup  ## format, lint, types and import arrows, without tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: quality test  ## all that CI checks

format: setup  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

explore: setup  ## the laws on new random examples, ROUNDS times over
	for round in $$(seq $(ROUNDS)); do $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile tests/laws || exit 1; done

scoreboard: setup  ## how many rows of hostile input hold
	$(BIN)/python tools/scoreboard.py

soak: soak-app soak-batch  ## all long tests: nothing hangs, nothing piles up, nothing is lost

soak-app: setup  ## the long test of the app: every page of one client loaded 50 times in a browser
	$(BIN)/python tools/soak_app.py

soak-batch: setup  ## the long tests of the batch: random kills, 1,000 clients, a fault at every file operation (hours)
	$(BIN)/python -m tests.soak

bench: setup  ## where the seconds of a run go, step by step
	$(BIN)/python benchmarks/stages.py

bench-app: setup  ## what a viewer waits for, beside plain Voilà and JupyterChart
	$(BIN)/python benchmarks/app.py

bench-batch: setup  ## many clients by plain ways and by ours
	$(BIN)/python benchmarks/batch.py

environment: setup  ## write environment.yml from pyproject.toml
	$(BIN)/python tools/make_environment.py --write
