"""`python -m client "Does John Doe with email jdoe@staff0.com work at Staff0?"`."""

import sys


def run() -> int:
    """The exit code. Ctrl-C while modules are loaded, which takes about a second, is quiet too."""
    try:
        from client.entry_point import main

        return main(sys.argv[1:])
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command to ask again.", file=sys.stderr)
        return 130  # ExitCode.INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
