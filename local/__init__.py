"""The laptop: an AWS emulator, a tenant of our own, and the commands that start and stop them."""
