"""`python -m operations`; `--help` lists the commands."""

import os
import sys


def run() -> int:
    """The exit code: that of the command, 130 after Ctrl-C, 141 if the reader of a pipe has gone."""
    try:
        from operations.command_line import main  # boto3 is slow to load, and Ctrl-C is quiet meanwhile too

        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        text = "Interrupted. Run the command again; `callers list` shows whether a caller was changed."
        print(f"\noperations: {text}", file=sys.stderr)
        return 130  # 128 + SIGINT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python fails again when it ends
        return 141  # 128 + SIGPIPE
    return code


if __name__ == "__main__":
    sys.exit(run())
