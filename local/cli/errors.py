"""What stops `make up`, told to a person: one line, what to do, exit code 2."""


class LocalError(Exception):
    """The text is shown as it is."""
