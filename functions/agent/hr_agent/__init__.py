"""The A2A agent that outside callers talk to. It holds no Auth0 secret and makes no decision about an employee."""
