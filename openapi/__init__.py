"""OpenAPI descriptions of both APIs, which `make openapi` generates from the code."""
