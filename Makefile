# Everything sets itself up: only Python 3.11 or newer is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?= demo
LOCKED := --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url

.PHONY: demo test check bench docs reference images samples app lock clean

demo: $(READY)          ## the whole quarter on the shipped samples, in the folder demo/
	$(BIN)/xltools demo -o $(DEMO) --force

test: $(READY)          ## all tests; those that need LibreOffice say so where it is absent
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY)         ## lint, types, architecture, known weaknesses of packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/audit.py

bench: $(READY)         ## ratios against what an analyst would write today
	$(BIN)/python tests/benchmark/bench.py

reference: $(READY)     ## the reference pages, anew from the program
	$(BIN)/python docs/reference.py

docs: reference         ## the documentation site, in site/
	$(BIN)/mkdocs build --strict

samples: $(READY)       ## the shipped samples anew from samples/content/
	$(BIN)/python samples/make.py

images: $(READY)        ## the pictures of the documentation, through LibreOffice and Chromium
	$(BIN)/python docs/render_images.py
	$(BIN)/python docs/render_report.py
	$(BIN)/python docs/render_demo.py
	$(BIN)/python docs/render_desk.py

app: $(READY)           ## a folder that runs without Python, for this system, in dist/xltools/
	$(BIN)/pyinstaller --noconfirm --log-level ERROR --distpath dist --workpath build/app packaging/xltools.spec

lock: $(READY)          ## both lock files anew from pyproject.toml, for every system, with hashes
	$(BIN)/uv pip compile $(LOCKED) --extra dev --extra database --extra distributed --extra parquet --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCKED) --constraints requirements.lock --no-annotate --output-file requirements-run.lock pyproject.toml

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(READY)

clean:
	rm -rf $(VENV) demo site build dist .pytest_cache .mypy_cache .ruff_cache
