"""What an operator is told in one line."""


class OperationsError(Exception):
    """The text says what is wrong and, where that is known, what to do."""
