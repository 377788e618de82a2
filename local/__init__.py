"""The whole system on one machine: an AWS emulator, a stand-in identity provider, and the commands that run them."""
