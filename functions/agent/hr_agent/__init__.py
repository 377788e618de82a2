"""The A2A agent that callers talk to. It holds no Auth0 secret and decides nothing about anybody."""
