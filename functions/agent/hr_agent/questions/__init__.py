"""Parsing of a caller's question and the decision about it. Subjects are taken literally from the caller's text."""
