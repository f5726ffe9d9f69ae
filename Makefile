# Everything sets itself up: only Python 3.11 or newer is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?= demo

.PHONY: demo test check bench docs reference images samples lock clean

demo: $(READY)          ## the whole quarter on the shipped samples, in the folder demo/
	$(BIN)/xltools demo -o $(DEMO) --force

test: $(READY)          ## all tests; those that need LibreOffice say so where it is absent
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY)         ## lint, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)         ## ratios against what an analyst would write today
	$(BIN)/python tests/benchmark/bench.py

reference: $(READY)     ## the reference pages, anew from the program
	$(BIN)/python docs/reference.py

docs: reference         ## the documentation site, in site/
	$(BIN)/mkdocs build --strict

samples: $(READY)       ## the shipped samples anew from samples/content/
	$(BIN)/python samples/make.py

images: $(READY)        ## the pictures of the documentation, through LibreOffice
	$(BIN)/python docs/render_images.py
	$(BIN)/python docs/render_demo.py

lock: $(READY)          ## requirements.lock anew from pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --extra dev --extra distributed --extra parquet --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(READY)

clean:
	rm -rf $(VENV) demo site .pytest_cache .mypy_cache .ruff_cache
