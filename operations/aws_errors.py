"""Sentences for errors of AWS, with what an operator can do about them."""

from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

_LOG_IN: Final = "Log in, for example by `aws sso login`, or set AWS_PROFILE."
_ADVICE: Final[tuple[tuple[type[BotoCoreError], str], ...]] = (
    (NoRegionError, "Use --region."),
    (
        EndpointConnectionError,
        "Is there a network, and is the region right? `make up` starts the stack of this machine.",
    ),
    (NoCredentialsError, _LOG_IN),
    (ProfileNotFound, _LOG_IN),
    (TokenRetrievalError, _LOG_IN),
    (UnauthorizedSSOTokenError, _LOG_IN),
)
_ADVICE_BY_CODE: Final = {
    "ResourceNotFoundException": "A table of the stack does not exist: was it deleted? Deploy the stack again.",
    "NotFoundException": "A key of the stack does not exist.",
    "AccessDenied": "Your credentials lack this permission.",
    "AccessDeniedException": "Your credentials lack this permission.",
    "ExpiredToken": _LOG_IN,
    "ExpiredTokenException": _LOG_IN,
    "InvalidClientTokenId": _LOG_IN,
}


def describe(error: BotoCoreError | ClientError) -> str:
    """The error's own text, and advice where there is some."""
    if isinstance(error, ClientError):
        advice = _ADVICE_BY_CODE.get(error.response.get("Error", {}).get("Code", ""), "")
    else:
        advice = next((text for kind, text in _ADVICE if isinstance(error, kind)), "")
    sentence = str(error).rstrip(".")
    return f"{sentence}. {advice}".rstrip()
