"""What an error about a request's params looks like, in both bindings and versions."""

from __future__ import annotations

import httpx

from tests.support.tokens import machine_token

LIBRARY_WORDS = ("Python", "int", "NoneType", "str'", "iterable", "Failed", "protobuf", "lf.a2a", "a2a.v1", "Expecting")


def as_acme(version: str) -> dict[str, str]:
    token = machine_token("acme-client")
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "A2A-Version": version}


def assert_invalid_params(answer: httpx.Response, path: str) -> None:
    error = answer.json()["error"]
    if path.endswith("/rpc"):
        assert (answer.status_code, error["code"]) == (200, -32602)
    else:
        assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
        assert error["details"][0]["reason"] == "INVALID_PARAMS"
    assert error["message"]
    assert not [word for word in LIBRARY_WORDS if word in answer.text]
