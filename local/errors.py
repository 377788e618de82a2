"""Errors of the commands in `python -m local`."""


class LocalError(Exception):
    """An error that the user can fix. Its message is printed as it is, and the exit code is 2."""
