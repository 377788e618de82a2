"""The signed statement of an answer, created by the deployed stack and verified as an auditor would do it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import subprocess
import sys
from dataclasses import astuple

import jwt
import pytest

from local.cli.paths import PROJECT
from tests.support.system import Employee, Json, System


@pytest.fixture(scope="module")
def person(system: System) -> Employee:
    return system.hire()


@pytest.fixture(scope="module")
def task(system: System, person: Employee) -> Json:
    return asyncio.run(system.caller().verification(person.question, "approve"))


@pytest.fixture
def statement(task: Json) -> str:
    [artifact] = task["artifacts"]
    [part] = [part for part in artifact["parts"] if part.get("mediaType") == "application/jwt"]
    return base64.b64decode(part["raw"]).decode()


def test_statement_is_signed_with_a_published_key_and_names_no_person(
    system: System, task: Json, person: Employee, statement: str
) -> None:
    keys = jwt.PyJWKSet.from_dict(system.http.get(f"{system.stack['agent_url']}/.well-known/jwks.json").json())
    key = keys[jwt.get_unverified_header(statement)["kid"]]
    client_id = system.stack["clients"]["acme"]["client_id"]
    claims = jwt.decode(statement, key, ["ES256"], issuer=system.stack["agent_url"], audience=client_id)
    assert (claims["task_id"], claims["employee_active"], claims["name_matches"]) == (task["id"], True, True)
    assert claims["consented_at"] <= claims["iat"] < claims["exp"]
    assert claims["consent"]["token_id_sha256"] in token_ids_sha256(system)
    assert not [value for value in astuple(person) if value in map(str, claims.values())]


def token_ids_sha256(system: System) -> set[str]:
    """The SHA-256 of the id of each access token that the identity provider has issued for the HR API."""
    issued = system.http.get(f"{system.stack['phone_url']}/api/issued").raise_for_status().json()
    claims = [jwt.decode(secret, options={"verify_signature": False}) for secret in issued if secret.count(".") == 2]
    return {hashlib.sha256(token["jti"].encode()).hexdigest() for token in claims if "jti" in token}


def test_command_line_verifies_the_statement(statement: str) -> None:
    assert verified(statement) == 0
    assert verified(base64.b64encode(statement.encode()).decode()) == 0
    header, payload, signature = statement.split(".")
    assert verified(f"{header}.{payload}.{signature[::-1]}") == 1


def verified(statement: str) -> int:
    command = [sys.executable, "-m", "client.verify", "-"]
    return subprocess.run(command, cwd=PROJECT, input=statement, text=True, capture_output=True, check=False).returncode


def test_v0_3_client_gets_the_statement(system: System, task: Json, statement: str) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": {"id": task["id"]}}
    headers = {"Authorization": system.caller().headers["Authorization"]}
    old = system.http.post(f"{system.stack['agent_url']}/rpc", json=call, headers=headers).json()["result"]
    assert old["status"]["state"] == "completed"
    text, data, file = old["artifacts"][0]["parts"]
    assert (text["kind"], data["kind"], file["kind"]) == ("text", "data", "file")
    assert file["file"]["mimeType"] == "application/jwt"
    assert base64.b64decode(file["file"]["bytes"]).decode() == statement
