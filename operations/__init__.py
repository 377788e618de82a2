"""Operator commands for a deployed stack, run with the operator's own AWS credentials: `python -m operations`."""

import sys
from pathlib import Path

# The layer is not an installed package, so its folder is added to the path.
sys.path.append(str(Path(__file__).parents[1] / "layers" / "shared"))
