"""A role with the conditions that the roles in template.yaml use, and clients with its credentials."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import boto3

if TYPE_CHECKING:
    from tests.integration.emulator.emulator_process import Emulator

REGION: Final = "us-east-1"
TRUST: Final = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
ON_TASKS: Final = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["TASK#*"]}}
ON_LISTS: Final = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["LIST#*"]}}
FOR_ONE_TASK: Final = {"Null": {"kms:EncryptionContext:task_id": "false"}}
ONLY_TLS: Final = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


class Limited:
    """A table, a key and a queue, and the clients of a role that may do some things with each."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        emulator.client("dynamodb").create_table(
            TableName="limited",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.key = emulator.client("kms").create_key()["KeyMetadata"]["Arn"]
        policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [ONLY_TLS]})}
        self.queue = emulator.client("sqs").create_queue(QueueName="limited", Attributes=policy)["QueueUrl"]
        self._credentials = self._role()
        self.dynamodb, self.kms, self.sqs = (self._client(service) for service in ("dynamodb", "kms", "sqs"))

    def _role(self) -> dict[str, str]:
        table = f"arn:aws:dynamodb:{REGION}:000000000000:table/limited"
        statements = [
            _allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], table, ON_TASKS),
            _allow(["dynamodb:DeleteItem"], table, ON_LISTS),
            _allow(["kms:Encrypt"], self.key, FOR_ONE_TASK),
            _allow(["sqs:SendMessage"], "*", {}),
        ]
        iam = self._emulator.client("iam")
        role = iam.create_role(RoleName="limited", AssumeRolePolicyDocument=_document([TRUST]))["Role"]
        iam.put_role_policy(RoleName="limited", PolicyName="limited", PolicyDocument=_document(statements))
        session = self._emulator.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")
        credentials: dict[str, str] = session["Credentials"]
        return credentials

    def _client(self, service: Any) -> Any:
        session = boto3.Session(
            aws_access_key_id=self._credentials["AccessKeyId"],
            aws_secret_access_key=self._credentials["SecretAccessKey"],
            aws_session_token=self._credentials["SessionToken"],
            region_name=REGION,
        )
        return session.client(service, endpoint_url=self._emulator.url)

    def put(self, pk: str) -> Any:
        return self.dynamodb.put_item(TableName="limited", Item={"pk": {"S": pk}})

    def query(self, pk: str) -> Any:
        return self.dynamodb.query(
            TableName="limited", KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": pk}}
        )

    def transact(self, put: str, delete: str) -> Any:
        parts = [
            {"Put": {"TableName": "limited", "Item": {"pk": {"S": put}}}},
            {"Delete": {"TableName": "limited", "Key": {"pk": {"S": delete}}}},
        ]
        return self.dynamodb.transact_write_items(TransactItems=parts)

    def encrypt(self, context: dict[str, str]) -> Any:
        return self.kms.encrypt(KeyId=self.key, Plaintext=b"x", EncryptionContext=context)


def _allow(actions: list[str], resource: str, condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def _document(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
