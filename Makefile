# What a person runs. A machine with Python 3.11, make and git needs nothing else: scripts/bring-uv.sh
# brings uv, and uv brings the rest into .venv/ as uv.lock has it. `make test PYTHON=python3.13`
# does it all with another Python.

export PYTHON
BIN := .venv/bin
UV := uv=$$(sh scripts/bring-uv.sh) && "$$uv"
SYNC := $(UV) sync --frozen --quiet $(if $(PYTHON),--python '$(PYTHON)')

# Compiled kernels stay in the checkout, so that only the first run waits for them.
export NUMBA_CACHE_DIR := $(CURDIR)/.numba-cache

# The system's certificates count where there are some, so that a company's own proxy is trusted.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= true
export UV_NATIVE_TLS ?= true
endif

.PHONY: help setup lint test demo check wheel bench clean

help:
	@echo 'make demo    discover segments in 1.5 million grocery purchases, and write the report'
	@echo 'make test    formatting, linting, types, layers, tests, docs'
	@echo 'make wheel   build the wheel, install it with the newest and the lowest of what it needs, run every command'
	@echo 'make check   make test, make wheel, and the lock file'
	@echo 'make bench   measure speed, beside a peer'
	@echo 'make setup   only install what is needed, into .venv/'
	@echo 'make clean   remove what the other targets wrote'

setup:
	@$(SYNC)

lint: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: lint
	$(BIN)/pytest
	@UV_PROJECT_ENVIRONMENT=.venv-duckdb1; export UV_PROJECT_ENVIRONMENT; \
		$(SYNC) --no-group duckdb2 --extra postgres
	.venv-duckdb1/bin/pytest tests/tables/test_postgres.py tests/tables/test_engines.py

demo: setup
	@$(BIN)/python scripts/demo.py demo-output

check: test wheel
	@$(UV) lock --check

wheel: setup
	$(BIN)/python scripts/try_wheel.py

bench:
	@$(SYNC) --group bench
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf .venv .venv-duckdb1 .tools .numba-cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
		.hypothesis dist demo-output
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +
