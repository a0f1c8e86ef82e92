# Every command does its own set-up: Python 3.11+ and make are all a fresh machine needs.
# Another interpreter: make PYTHON=/path/to/python3.12 …; options of the demo: make demo ARGS=…

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && exit; done; echo no-python)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The package is started hundreds of times, so it is compiled once, also where this is set;
# and so is Playwright's driver.
export PYTHONDONTWRITEBYTECODE :=
export NODE_COMPILE_CACHE := $(CURDIR)/$(VENV)/node-cache

.PHONY: help demo test lint libraries collected bench clean browser

help:
	@echo "make demo    샌드박스 사이트에서 12개 계정의 1단계를 실행"
	@echo "make test    모든 검사와 테스트"
	@echo "make lint    검사만: ruff, mypy, import-linter"
	@echo "make bench   측정: tests/benchmarks"
	@echo "make clean   만들어진 것을 지움 (logs/는 그대로)"

demo: browser
	$(BIN)/percenty-batch demo $(ARGS)

test: $(READY)
	@# What is fetched waits for the network, so the checks and the compiling have a processor.
	@$(MAKE) --no-print-directory --jobs 4 lint browser libraries collected
	@# Browser tests wait a good part of their time: twice as many workers as cores.
	$(BIN)/pytest -n $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) * 2)') \
		--dist loadfile --no-loadscope-reorder $(ARGS)

libraries: $(READY)
	$(BIN)/python -m tests.antd_site

collected: $(READY)
	@# The tests are compiled once, before each of the workers would do so.
	@$(BIN)/pytest --collect-only --quiet $(ARGS) >/dev/null || true

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy percenty_batch tests .ci/browser.py
	$(BIN)/lint-imports

bench: browser
	@set -e; for script in tests/benchmarks/bench_*.py; do \
		echo "== $$script"; PYTHONPATH=. $(BIN)/python $$script; done

clean:
	rm -rf $(VENV) build dist demo-logs *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find percenty_batch tests .ci -name __pycache__ -prune -exec rm -rf {} +

browser: $(READY)
	@$(BIN)/python .ci/browser.py

$(READY): pyproject.toml
	@[ "$(PYTHON)" != no-python ] || { echo "Python 3.11 이상이 필요합니다" >&2; exit 1; }
	@echo "가상 환경 준비: $(VENV) ($(PYTHON))"
	@# Debian keeps venv in a package of its own.
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "패키지 설치: python3-venv" >&2; \
		.ci/as-root apt-get update -qq; .ci/as-root apt-get install -qq --yes python3-venv; } >/dev/null
	@$(PYTHON) -m venv $(VENV)
	@echo "의존성 설치: pip install --editable .[dev] (1~2분)"
	@# An older pip takes twice as long to find out what goes together.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@# Not compiled at once: of most of it nothing is ever imported.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --no-compile \
		--editable '.[dev]'
	@touch $@
