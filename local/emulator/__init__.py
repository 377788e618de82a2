"""ministack, an AWS emulator, with patches and a proxy for HTTP APIs.

It runs in a virtual environment of its own, so it imports the standard library and ministack only.
"""
