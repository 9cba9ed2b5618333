.PHONY: setup demo test check bench
PYTHON ?= python3
UV = $(shell PYTHON=$(PYTHON) sh scripts/bring-uv.sh)

setup:
	$(UV) sync --frozen
