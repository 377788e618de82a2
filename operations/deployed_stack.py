"""A deployed stack: its CloudFormation outputs, and boto3 clients for its account."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from operations.errors import OperationsError

LOCAL_STACK: Final = Path(__file__).parents[1] / ".local" / "stack.json"
_LOCAL_NAME: Final = "staff0-local"


@dataclass(frozen=True)
class Stack:
    """`name` is the CloudFormation stack; `endpoint_url` is the emulator's, None for AWS."""

    name: str
    session: boto3.Session
    endpoint_url: str | None = None

    def client(self, service: str) -> Any:  # noqa: ANN401 - each boto3 client has its own type
        return self.session.client(service, endpoint_url=self.endpoint_url)  # type: ignore[call-overload]

    @cached_property
    def outputs(self) -> dict[str, str]:
        """Outputs by key. Raises OperationsError if the stack cannot be read."""
        try:
            [found] = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        except (BotoCoreError, ClientError) as error:
            raise OperationsError(f"The stack {self.name} cannot be read: {error}") from None
        return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}

    def output(self, name: str) -> str:
        """One output. Raises OperationsError if the stack has no such output."""
        if name not in self.outputs:
            raise OperationsError(
                f"The stack {self.name} has no output {name}: it was deployed from an older version. Deploy it first."
            )
        return self.outputs[name]


def find(name: str | None, region: str | None) -> Stack:
    """The named stack in the account of the operator's credentials; without a name the local stack.

    Raises OperationsError without a name and without a local stack.
    """
    if name:
        return Stack(name, boto3.Session(region_name=region))
    try:
        local = json.loads(LOCAL_STACK.read_text())
    except FileNotFoundError:
        raise OperationsError("No stack is given: use --stack-name, or start the local stack with `make up`.") from None
    # The emulator accepts any credentials, but boto3 needs some.
    region = local["region"]
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=region)  # noqa: S106
    return Stack(_LOCAL_NAME, session, local["aws_endpoint_url"])
