# What a person runs. A machine with Python 3.11, make and git needs nothing else: scripts/bring-uv.sh
# brings uv, and uv brings the rest into .venv/ as uv.lock has it. `make test PYTHON=python3.13`
# does it all with another Python.

export PYTHON
BIN := .venv/bin
UV := uv=$$(sh scripts/bring-uv.sh) && "$$uv"
SYNC := $(UV) sync --frozen --quiet $(if $(PYTHON),--python '$(PYTHON)')

# Compiled kernels stay in the checkout, so that only the first run waits for them.
export NUMBA_CACHE_DIR := $(CURDIR)/.numba-cache

# So does compiled Python, also where the environment says otherwise: every test that starts a program
# would compile forwhom and all that it needs again.
export PYTHONDONTWRITEBYTECODE :=

# The system's certificates count where there are some, so that a company's own proxy is trusted.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= true
export UV_NATIVE_TLS ?= true
endif

# The tests run on every processor, eight at most: each process takes half a gigabyte. One thread is
# enough for a matrix product then, because those that wait for each other take the time of the rest.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n auto --maxprocesses 8 --dist worksteal

# The most telling tests of every room.
QUICK := test_house test_wording languages/test_catalogs documents/test_misalignment documents/test_protected \
	documents/test_segmentation tables/test_inference features/test_report \
	alignment/test_classes alignment/test_coefficients \
	statistics/test_correlation lifetimes/test_models funders/test_funding funders/test_flows mixture/test_families \
	mixture/test_sklearn_contract personas/test_names personas/test_privacy personas/test_segments \
	texts/test_phrases evidence/test_comparison choices/test_fit choices/test_deciding choices/test_purchase \
	lint/test_rules lint/test_misalignment report/test_page report/test_choices \
	workspace/test_canvases assistants/test_desk web/canvas/test_forms customers/test_preparation pipeline/test_aligning pipeline/test_demo cli/test_main \
	cli/test_canvas cli/test_choices

.PHONY: help setup lint kernels older quick test test-spark demo web check wheel pictures bench mutants clean

help:
	@echo 'make demo    discover segments in 1.5 million grocery purchases, and write the report'
	@echo 'make web     open the web app with the worked examples in it, at http://127.0.0.1:8321'
	@echo 'make quick   the most telling tests of every room, in under a minute'
	@echo 'make test    formatting, linting, types, layers, tests, docs'
	@echo 'make test-spark  what works on Spark, classic and Connect (needs Java 17)'
	@echo 'make wheel   install the built wheel with the newest and the lowest of all it needs, run every command'
	@echo 'make check   make test, make wheel, and the lock file'
	@echo 'make pictures  draw the pictures of the README again'
	@echo 'make bench   measure speed, beside a peer'
	@echo 'make mutants  change the code at random, and count how many changes the tests notice (hours;'
	@echo '             ROOMS=tables,lint EACH=10 make it less)'
	@echo 'make setup   only install what is needed, into .venv/'
	@echo 'make clean   remove what the other targets wrote'

setup:
	@$(SYNC)

lint: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

quick: setup
	$(BIN)/ruff check --quiet
	$(BIN)/pytest --quiet $(QUICK:%=tests/%.py)

# Compiled once, beside the linters, and copied by each process that tests.
kernels: setup
	@$(BIN)/python scripts/kernels.py

test: setup
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint kernels older
	$(PYTEST)

# What is read by DuckDB 1, in an environment of its own, while the linters run.
older: kernels
	@UV_PROJECT_ENVIRONMENT=.venv-duckdb1; export UV_PROJECT_ENVIRONMENT; \
		$(SYNC) --no-group duckdb2 --extra postgres
	.venv-duckdb1/bin/pytest tests/tables/test_postgres.py tests/tables/test_engines.py

# Half a gigabyte of Spark in an environment of its own; skipped, in words, where there is no Java.
test-spark:
	@UV_PROJECT_ENVIRONMENT=.venv-spark; export UV_PROJECT_ENVIRONMENT; $(SYNC) --group spark
	OPENBLAS_NUM_THREADS=1 .venv-spark/bin/pytest -k 'spark and not (joins or holding or columns_come)' \
		tests/tables/test_engines.py tests/tables/test_spark.py tests/features/test_customers.py tests/pipeline/test_spark.py

demo: setup
	@$(BIN)/python scripts/demo.py demo-output

# What was written there stays; `make clean` leaves it alone.
web: setup
	@mkdir -p .web
	@$(BIN)/forwhom serve examples --database .web/forwhom.db

check: test wheel
	@$(UV) lock --check

wheel: setup
	$(BIN)/python scripts/try_wheel.py

pictures: demo
	@$(SYNC) --group pictures
	$(BIN)/python scripts/draw_pictures.py demo-output

bench:
	@$(SYNC) --group bench
	$(BIN)/python benchmarks/run.py

# A fresh sample each time: a share of a sample that was seen before says nothing.
mutants: setup
	nice $(BIN)/python scripts/mutants.py $(if $(ROOMS),--rooms $(ROOMS)) --each $(or $(EACH),10) \
		$(if $(SEED),--seed $(SEED))

clean:
	rm -rf .venv .venv-duckdb1 .venv-spark .tools .numba-cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
		.hypothesis dist demo-output
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +
