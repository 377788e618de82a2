"""Operator commands for a deployed stack, run with the operator's own AWS credentials: `python -m operations`."""

import sys

# The layer is not an installed package. No module is loaded for this: __main__ is not yet prepared for Ctrl-C.
sys.path.append(f"{__path__[0]}/../layers/shared")
