"""ministack, an AWS emulator, with patches and a proxy for HTTP APIs.

It runs in a separate virtual environment, so it imports the standard library and ministack only.
"""
