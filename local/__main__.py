"""`python -m local up|down|status|demo|start-api|doctor`."""

import sys


def run() -> int:
    """The exit code. Ctrl-C is quiet, also while modules are loaded, and tells how to go on."""
    try:
        from local.cli.commands import main

        return main(sys.argv[1:])
    except KeyboardInterrupt:
        how = "Run it again to go on; `make down` stops what runs."
        print(f"\nInterrupted. {how}", file=sys.stderr)
        return 130  # 128 + SIGINT


if __name__ == "__main__":
    sys.exit(run())
