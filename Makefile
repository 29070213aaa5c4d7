# Two commands matter: `make run` and `make test`. The rest is for those who change the system.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
export PYTHONUNBUFFERED := 1
# One more than there are processors: a test often waits, for a browser or for another process.
WORKERS ?= $(shell number=$$(nproc 2>/dev/null || echo 1); echo $$((number < 7 ? number + 1 : 8)))
PARALLEL = -n $(WORKERS) --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run worker test audit lint format bench screenshots messages clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

run: $(VENV)/.runs ## Site, admin and worker on http://127.0.0.1:8000 (another port: make run PORT=8001)
	@$(PY) manage.py prepare --demo
	@$(PY) manage.py serve

worker: $(VENV)/.runs ## The worker alone
	@$(PY) manage.py worker

test: $(VENV)/.tests ## All tests, on SQLite and on a temporary PostgreSQL
	@$(PY) -m pytest -q $(PARALLEL)
	@$(PY) -m tests.postgres $(PY) -m pytest -q $(PARALLEL) -m "not e2e"

audit: $(VENV)/.tests ## What takes minutes or more programs: Elasticsearch's nodes, one killed under load; LibreOffice
	@$(PY) -m tests.audit.office
	@$(PY) -m tests.audit.cluster

lint: $(VENV)/.tests ## Style, types, layers, migrations, catalogue
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports
	@$(PY) manage.py makemigrations --check --dry-run --settings newsroom.settings.test
	@$(PY) -m tests.messages --check

format: $(VENV)/.tests ## Put the code into shape
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

bench: $(VENV)/.tests ## Speed, as ratios against stock Wagtail and the bare database
	@$(PY) -m bench

screenshots: $(VENV)/.tests ## Pictures of the screens, as each role, desktop and phone
	@$(PY) -m tests.screenshots

messages: $(VENV)/.tests ## Write the Vietnamese catalogue anew (needs gettext)
	@$(PY) -m tests.messages

clean: ## Remove what can be made again; never the data folder
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(PY):
	@command -v $(PYTHON) >/dev/null || { echo "Cần Python 3.11 trở lên; không tìm thấy lệnh $(PYTHON)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Cần Python 3.11 trở lên; $(PYTHON) là bản cũ hơn. Thử: make run PYTHON=python3.11"; exit 1; }
	@echo "Đang tạo môi trường Python…"
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Không tạo được môi trường Python; trên Debian/Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.runs: requirements.txt constraints.txt | $(PY)
	@echo "Đang cài các gói cần thiết…"
	@$(PIP) install -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/.tests: requirements.txt requirements-dev.txt constraints.txt | $(PY)
	@echo "Đang cài các gói cần cho kiểm thử…"
	@$(PIP) install -r requirements-dev.txt -c constraints.txt
	@touch $@ $(VENV)/.runs
