# `make demo` and `make test` need python3, make and git; everything else is installed below .venv and .local.
.DEFAULT_GOAL := help
.PHONY: help demo up down status doctor events test test-fast check lint format build bench load scale peers requirements openapi start-api cost permissions clean

UV_VERSION := 0.13.9
TOOLS := $(CURDIR)/.local
UV := $(TOOLS)/uv/bin/uv
PYTHON := $(CURDIR)/.venv/bin/python
SAM := $(TOOLS)/venv-sam/bin/sam
INSTALLED := $(TOOLS)/installed
NODE_PACKAGES := local/identity_provider tests/interop/node
# Says so if a package registry cannot be reached.
FROM_PYPI := $(CURDIR)/packaging/run_installer.sh https://pypi.org/simple
FROM_NPM := $(CURDIR)/packaging/run_installer.sh https://registry.npmjs.org
HOST_ARCHITECTURE = $(shell uname -m | sed s/aarch64/arm64/)
PYTEST := $(PYTHON) -m pytest --dist loadscope --no-loadscope-reorder
# Three processes more than there are cores, because the tests of the running stack mostly wait.
TEST_PROCESSES := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 3)

PACKAGES := layers/shared:functions/agent:functions/hr_api:functions/ciba_poller:functions/notifier:functions/employee_page

# The tools of this project come first: sam's build finds uv and Python 3.13 there.
export PATH := $(CURDIR)/.venv/bin:$(TOOLS)/uv/bin:$(TOOLS)/venv-sam/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0
unexport VIRTUAL_ENV
# Without bytecode, each of the many Python processes here compiles its packages again.
unexport PYTHONDONTWRITEBYTECODE

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

demo: $(INSTALLED) ## one question, from the caller to the answer (DEMO=auto|details|deny|unknown|expire)
	@# Ctrl-C also ends make, which would add an error of its own to what the demo has said.
	@trap : INT; $(PYTHON) -m local demo || test $$? -eq 130

up: $(INSTALLED) ## start the whole system on this machine
	@$(PYTHON) -m local up

down: ## stop what `make up` started
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m local down; else echo "Nothing is installed, so nothing runs."; fi

status: $(INSTALLED) ## what runs, and where
	@$(PYTHON) -m local status

doctor: $(INSTALLED) ## check settings, tenant, employees, Gemini and stack (EMPLOYEE=address, PUSH=address)
	@$(PYTHON) -m local doctor $(if $(EMPLOYEE),--employee '$(EMPLOYEE)') $(if $(PUSH),--push '$(PUSH)')

start-api: up ## the two APIs in Lambda containers, by `sam local start-api` (needs a Docker engine)
	@$(PYTHON) -m local start-api

events: up ## the sample events with ids and tokens of the running stack, for `sam local invoke`
	@$(PYTHON) -m local events

test: $(INSTALLED) ## all tests: unit, faults, artefact, integration, end to end, clients of other makers, sam local
	@$(PYTEST) -n $(TEST_PROCESSES) $(PYTEST_ARGS)

test-fast: $(INSTALLED) ## most unit tests, for the time between two edits: no stack, no generated inputs
	@$(PYTEST) -n auto -q -m 'not exhaustive' tests/unit $(PYTEST_ARGS)

check: lint test ## everything a reviewer would ask for

lint: $(INSTALLED)
	@ruff format --check --quiet
	@ruff check --quiet
	@$(PYTHON) packaging/export_requirements.py --check
	@$(PYTHON) lint/plain_english.py
	@mypy --no-error-summary .
	@PYTHONPATH=$(PACKAGES):. lint-imports --no-cache > $(TOOLS)/import-rules.log || { cat $(TOOLS)/import-rules.log; exit 1; }
	@$(PYTHON) -m lint.template_security
	@$(SAM) validate --lint --config-env local > $(TOOLS)/validate.log 2>&1 || { cat $(TOOLS)/validate.log; exit 1; }

requirements: $(INSTALLED) ## export each deployment unit's requirements.txt from the lock
	@$(PYTHON) packaging/export_requirements.py

openapi: $(INSTALLED) ## write the descriptions of both APIs to openapi/
	@PYTHONPATH=$(PACKAGES) $(PYTHON) -m openapi

format: $(INSTALLED) ## rewrite the code as the formatter wants it
	@ruff check --quiet --fix; ruff format --quiet

build: $(INSTALLED) ## the artefacts with bytecode, for this machine's processor
	@ARCHITECTURE=$(HOST_ARCHITECTURE) $(SAM) build --config-env local --parameter-overrides Architecture=$(HOST_ARCHITECTURE)

bench: build ## costs beside those of other programs, with budgets; what got worse; capacity and neighbours (five minutes)
	@rm -rf $(TOOLS)/bench; failed=; for part in capacity neighbours start_up imports warm reading_growth polling; do \
		PYTHONPATH=$(PACKAGES) $(PYTHON) -m tests.load.$$part || failed="$$failed $$part"; \
	done; echo; $(PYTHON) -m tests.load.baseline || failed="$$failed baseline"; \
	test -z "$$failed" || { echo "Over budget or failed:$$failed"; exit 1; }

load: up ## 200 verifications at once through the whole system, with a plot (on this machine only)
	@PYTHONPATH=$(PACKAGES) $(PYTHON) -m tests.load.crowd

# The limits of a deployed stack: employees have five minutes, and polls are not limited to those of a small tenant.
MEASURED := REQUESTED_EXPIRY_SECONDS=300 TENANT_POLLS_PER_SECOND=1000

scale: $(INSTALLED) ## 1, 10, 100 and 500 verifications at once, with and without the emulator (20 minutes, quiet machine)
	@$(MEASURED) $(PYTHON) -m local up
	@PYTHONPATH=$(PACKAGES) $(PYTHON) -m tests.load.scale

peers: $(INSTALLED) ## this system beside a blocked worker and auth0-ai: memory, speed, crash (20 minutes, quiet machine)
	@UV_PROJECT_ENVIRONMENT=$(TOOLS)/venv-peers $(FROM_PYPI) UV_DEFAULT_INDEX $(UV) sync --quiet --locked --only-group peers
	@$(MEASURED) $(PYTHON) -m local up
	@PYTHONPATH=$(PACKAGES) $(PYTHON) -m tests.load.peers

cost: up ## dollars for 1,000 verifications, by item, from counted calls (on this machine only; three minutes)
	@$(PYTHON) -m tests.cost

permissions: $(INSTALLED) ## each AWS call of the functions, with the statement of template.yaml that allows it
	@PYTHONPATH=$(PACKAGES) $(PYTHON) -m tests.faults.permission_table

clean: down ## forget everything that was installed, built or stored
	rm -rf .venv .local .aws-sam $(NODE_PACKAGES:=/node_modules)

$(INSTALLED): uv.lock pyproject.toml .python-version $(NODE_PACKAGES:=/package-lock.json) $(UV)
	@echo "Installing the tools of this project (once) …"
	@$(FROM_PYPI) UV_DEFAULT_INDEX $(UV) sync --quiet --locked
	@for group in emulator sam checkov handler a2a-0-3 frameworks; do \
		UV_PROJECT_ENVIRONMENT=$(TOOLS)/venv-$$group $(FROM_PYPI) UV_DEFAULT_INDEX \
			$(UV) sync --quiet --locked --only-group $$group || exit 1; \
	done
	@for package in $(NODE_PACKAGES); do \
		(cd $$package && $(FROM_NPM) npm_config_registry npm ci --loglevel=error --no-audit --no-fund) || exit 1; \
	done
	@touch $@

$(UV):
	@python3 -m venv $(TOOLS)/uv
	@$(FROM_PYPI) PIP_INDEX_URL $(TOOLS)/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
