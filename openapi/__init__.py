"""Both APIs in OpenAPI, made by `make openapi` from the code that answers."""
