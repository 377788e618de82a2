"""Errors of the operator commands."""


class OperationsError(Exception):
    """Printed as one line. The message says what is wrong and, if possible, what to do."""
