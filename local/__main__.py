"""`python -m local up|down|status|demo|start-api|doctor`."""

import os
import sys


def run() -> int:
    """The exit code. Ctrl-C tells how to go on, also while modules are loaded. The end of a pipe is quiet."""
    try:
        from local.cli.commands import main

        code = main(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        how = "Run it again to go on; `make down` stops what runs."
        print(f"\nInterrupted. {how}", file=sys.stderr)
        return 130  # 128 + SIGINT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python fails again when it ends
        return 141  # 128 + SIGPIPE
    return code


if __name__ == "__main__":
    sys.exit(run())
