"""`python -m client.verify JWT`: verifies a signed statement of an earlier answer, for example for an auditor."""

import sys


def run() -> int:
    """The exit code. Ctrl-C is quiet, also while modules are loaded."""
    try:
        from client.verification import main, this_machine

        return main(sys.argv[1:], this_machine())
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again.", file=sys.stderr)
        return 130  # 128 + SIGINT


if __name__ == "__main__":
    sys.exit(run())
