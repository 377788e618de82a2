"""A deployed stack: its CloudFormation outputs, and boto3 clients for its account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from operations.aws_errors import describe
from operations.errors import OperationsError

LOCAL_STACK: Final = Path(__file__).parents[1] / ".local" / "stack.json"
_LOCAL_NAME: Final = "staff0-local"
# Without a network an operator waits for seconds instead of minutes.
_CONFIG: Final = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})


@dataclass(frozen=True)
class Stack:
    """`name` is the CloudFormation stack; `endpoint_url` is the emulator's, None for AWS.

    `user_ids` are the ids of the sample employees by their email address; empty for a stack on AWS.
    """

    name: str
    session: boto3.Session
    endpoint_url: str | None = None
    user_ids: Mapping[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # noqa: ANN401 - each boto3 client has its own type
        return self.session.client(service, endpoint_url=self.endpoint_url, config=_CONFIG)  # type: ignore[call-overload]

    @cached_property
    def outputs(self) -> dict[str, str]:
        """Outputs by key. Raises OperationsError if the stack cannot be read."""
        try:
            [found] = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        except (BotoCoreError, ClientError) as error:
            raise OperationsError(f"The stack {self.name} cannot be read: {describe(error)}") from None
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def output(self, name: str) -> str:
        """One output. Raises OperationsError if the stack has no such output."""
        if name not in self.outputs:
            raise OperationsError(
                f"The stack {self.name} has no output {name}: it is another stack, or of an older version, or not "
                "deployed yet. Deploy it first."
            )
        return self.outputs[name]


def find(name: str | None, region: str | None) -> Stack:
    """The named stack in the account of the operator's credentials; without a name the local stack.

    Raises OperationsError without a name and without a local stack, or for a region without a name.
    """
    if name:
        return Stack(name, boto3.Session(region_name=region))
    if region:
        raise OperationsError("--region needs --stack-name: the stack on this machine has no region.")
    try:
        return _local(json.loads(LOCAL_STACK.read_text()))
    except FileNotFoundError:
        raise OperationsError("No stack is given: use --stack-name, or start the local stack with `make up`.") from None
    except (OSError, ValueError, LookupError, TypeError):
        raise OperationsError(f"{LOCAL_STACK} cannot be read. Run `make up` to write it again.") from None


def _local(file: Any) -> Stack:  # noqa: ANN401 - JSON
    # The emulator accepts any credentials, but boto3 needs some.
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=file["region"])  # noqa: S106
    user_ids = {str(employee["email"]): str(employee["sub"]) for employee in file["employees"]}
    return Stack(_LOCAL_NAME, session, file["aws_endpoint_url"], user_ids)
