"""The identity provider's API: CIBA requests, polls of the token endpoint, and the user directory."""
