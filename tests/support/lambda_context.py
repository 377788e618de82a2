"""The context object that Lambda passes to a handler."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FakeLambdaContext:
    """The attributes that Powertools writes into each log line."""

    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id: str = "request-1"
