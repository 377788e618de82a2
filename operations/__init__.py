"""What the stack's operators do beside deploying it, with their own AWS credentials: `python -m operations`."""

import sys
from pathlib import Path

# The layer is nowhere installed: it lies beside this package.
sys.path.append(str(Path(__file__).parents[1] / "layers" / "shared"))
