# Builds one deployment unit, a function or the layer, for `sam build` (BuildMethod: makefile). sam sets ARTIFACTS_DIR and
# runs make in a copy of the unit's folder. The unit's Makefile sets PACKAGE, the Python package to copy; RUNTIME_DIR,
# where Lambda unpacks it; and, for the layer, SUBFOLDER, the folder in the archive, and AWS_SERVICES to keep in botocore.

SHELL := /bin/sh
MINOR := 3.13
PROJECT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)
# That of the deployment: sam does not pass the template's parameter on. `make up` sets it to that of this machine.
ARCHITECTURE ?= $(or $(shell sed -n 's/^Architecture: *\([^ ]*\).*/\1/p' $(PROJECT)/parameters.yaml 2>/dev/null),x86_64)
MACHINE := $(or $(patsubst arm64,aarch64,$(filter x86_64 arm64,$(ARCHITECTURE))),\
  $(error the architecture is x86_64 or arm64, not $(ARCHITECTURE)))
# Lambda's python3.13 runs on Amazon Linux 2023 with glibc 2.34.
BUILD_PLATFORM := $(MACHINE)-manylinux_2_28
PIP_PLATFORMS := $(addsuffix _$(MACHINE),manylinux_2_28 manylinux_2_17 manylinux2014)
TARGET = $(abspath $(ARTIFACTS_DIR)/$(SUBFOLDER))

# Python loads bytecode of the same minor version only, so the build needs exactly this version.
IS_MINOR := import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(MINOR)")
PYTHON ?= $(shell for python in $(PROJECT)/.venv/bin/python python$(MINOR) python3; do \
  $$python -c '$(IS_MINOR)' 2>/dev/null && { command -v $$python; break; }; done)
# Use uv from PATH or from `make`; otherwise the pip of any Python, because pip can install for another version.
UV := $(shell command -v uv || ls $(PROJECT)/.local/uv/bin/uv 2>/dev/null)
PIP := $(shell for python in $(PYTHON) python$(MINOR) python3; do \
  $$python -m pip --version >/dev/null 2>&1 && { echo $$python -m pip; break; }; done)

ifneq ($(UV),)
INSTALL = $(UV) pip install --quiet --link-mode copy --python $(PYTHON) --python-version $(MINOR) \
  --python-platform $(BUILD_PLATFORM)
else
INSTALL = $(PIP) install --quiet --no-compile --disable-pip-version-check --python-version $(MINOR) \
  $(addprefix --platform ,$(PIP_PLATFORMS))
endif

build-%:
	@$(if $(PYTHON),,$(error no Python $(MINOR) found: put it on PATH or set PYTHON))mkdir -p $(TARGET)
	@! grep -q '==' requirements.txt || \
	  $(INSTALL) --target $(TARGET) --only-binary :all: --no-deps --require-hashes -r requirements.txt
	@cp -R $(PACKAGE) $(TARGET)/
# Lambda never loads these: tests, command line scripts, type stubs, the installer's lock file, old bytecode.
	@cd $(TARGET) && rm -rf bin .lock && \
	  find . \( -name __pycache__ -o -name tests \) -type d -prune -exec rm -rf {} + && find . -name '*.pyi' -delete
	@test -z "$(AWS_SERVICES)" || \
	  $(PYTHON) -I $(PROJECT)/packaging/trim_botocore.py $(TARGET)/botocore/data $(AWS_SERVICES)
# unchecked-hash: the archive dates every file 1980, so Python would take ordinary bytecode for stale.
# -I: ignore PYTHON* variables.
	@$(PYTHON) -I -m compileall -q -j 0 --invalidation-mode unchecked-hash -s $(TARGET) -p $(RUNTIME_DIR) $(TARGET)
