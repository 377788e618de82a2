"""Checks of the identity provider, the employees, Gemini and the stack, each with what to do when it fails.

No check changes anything. Only the one that `--push` asks for rings a phone.
"""
