"""Loads packaging/export_requirements.py by its path, because a package on PyPI is also named `packaging`."""

import importlib.util
from pathlib import Path

_SCRIPT = Path(__file__).parents[2] / "packaging" / "export_requirements.py"
_spec = importlib.util.spec_from_file_location("export_requirements", _SCRIPT)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

PROJECT: Path = _module.PROJECT
LAYER: Path = _module.LAYER
FUNCTIONS: dict[Path, str | None] = _module.FUNCTIONS
expected = _module.expected
parse = _module.parse
