"""The CIBA client: starts an authentication request and polls for its tokens (CIBA Core 7 and 10)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import httpx
from staff0.auth import SigningKeys
from staff0.authorization_details import DisclosureFormat
from staff0.clock import Clock
from staff0.connection_failure import describe_failure
from staff0.errors import IdpError, IdpRateLimited, IdpRejectedClient, IdpUnavailable, KeysUnavailable, PushRefused
from staff0.observability import logger
from staff0.secret_str import SecretStr
from staff0.settings import AUTH0_DENIAL
from staff0.skills import EMPLOYMENT_STATUS

from approval.identity_provider.client_authentication import IdpClient
from approval.identity_provider.error_response import ErrorResponse, json_object, parse_error_response
from approval.identity_provider.issued_tokens import IssuedTokensVerifier
from approval.identity_provider.requested_consent import RequestedConsent
from approval.identity_provider.token_response import (
    IssuedTokens,
    PollOutcome,
    PollResult,
    failed_poll,
    parse_error,
    parse_tokens,
)

GRANT_TYPE: Final = "urn:openid:params:grant-type:ciba"  # CIBA Core 10.1
_DEFAULT_INTERVAL_SECONDS: Final = 5  # CIBA Core 7.3: for a response without an interval
_TIMEOUT: Final = httpx.Timeout(5, read=15)
_REPORTED: Final = {PollOutcome.REFUSED, PollOutcome.NO_PUSH, PollOutcome.CODE_ALREADY_USED}
# invalid_request is what Auth0's own SDK takes for an employee without push notifications. A description that names a
# parameter is about our request.
_OUR_PARAMETERS: Final = (
    "scope",
    "audience",
    "binding_message",
    "login_hint",
    "requested_expiry",
    "authorization_details",
    "client",
)


@dataclass(frozen=True)
class RequestDialect:
    """How an identity provider wants the employee and the API to be named; the defaults are Auth0's.

    `denial` is how the `error_description` of access_denied begins when an employee refuses.
    """

    login_hint_format: str = "iss_sub"
    audience_parameter: str = "audience"
    denial: str = AUTH0_DENIAL

    def login_hint(self, issuer: str, sub: str) -> str:
        """The user's id (CIBA Core 7.1 leaves the form to the identity provider)."""
        return (
            json.dumps({"format": "iss_sub", "iss": issuer, "sub": sub}) if self.login_hint_format == "iss_sub" else sub
        )


@dataclass(frozen=True)
class AuthenticationRequest:
    """A request that the identity provider accepted: the id to poll with, how often, and how long (CIBA Core 7.3)."""

    auth_req_id: SecretStr
    interval_seconds: int
    expires_in_seconds: int


class CibaClient:
    """One confidential client of the identity provider, for tokens of one audience.

    Error messages contain no secret, no token and no employee.
    """

    def __init__(  # noqa: PLR0913 - the parts of one client
        self,
        http: httpx.Client,
        client: IdpClient,
        audience: str,
        keys: SigningKeys,
        clock: Clock,
        *,
        disclosures: DisclosureFormat,
        dialect: RequestDialect = RequestDialect(),
    ) -> None:
        self._http = http
        self._dialect = dialect
        self._client = client
        self._audience = audience
        self._clock = clock
        self._disclosures = disclosures
        self._tokens = IssuedTokensVerifier(client.issuer, client.client_id, audience, keys, disclosures)

    def prepare(self) -> None:
        """Finds the endpoint, so that `start` need not look for it. Raises IdpUnavailable, IdpRejectedClient."""
        self._client.endpoints.backchannel_authentication()

    def start(
        self, consent: RequestedConsent, binding_message: str, requested_expiry_seconds: int
    ) -> AuthenticationRequest:
        """Sends the push (CIBA Core 7.1). Call it at most once for one request.

        Raises IdpUnavailable, after which a push may have been sent all the same; PushRefused when this employee
        cannot receive one; IdpRejectedClient when the identity provider does not accept our client, its grant or our
        request; IdpRateLimited when it takes no more requests now.
        """
        form = {
            "login_hint": self._dialect.login_hint(self._client.issuer, consent.sub),
            "scope": " ".join(["openid", *consent.scopes]),
            self._dialect.audience_parameter: self._audience,
            "binding_message": binding_message,
            "requested_expiry": str(requested_expiry_seconds),
            **self._authorization_details(consent),
        }
        try:
            response = self._post(self._client.endpoints.backchannel_authentication(), form)
        except httpx.HTTPError as error:
            raise IdpUnavailable(f"bc-authorize: {describe_failure(error)}") from None
        return _authentication_request(response, requested_expiry_seconds)

    def _authorization_details(self, consent: RequestedConsent) -> dict[str, str]:
        """The parameter authorization_details (RFC 9396 2), if the consent has it."""
        if consent.disclosure is None:
            return {}
        return {"authorization_details": json.dumps(self._disclosures.write(consent.disclosure))}

    def poll(
        self, auth_req_id: SecretStr, consent: RequestedConsent, interval_seconds: int, push_expires_at: datetime
    ) -> PollResult:
        """Sends one poll for this consent, and verifies the tokens of an approval.

        An identity provider that cannot be reached counts as pending. Tokens whose key is not known yet are returned
        as UNVERIFIED: they are issued once, so the caller must keep them and call `verify` later.
        Raises IdpRejectedClient when the identity provider does not accept our client, TokenRejected when the tokens
        are not those that we asked for.
        """
        form = {"grant_type": GRANT_TYPE, "auth_req_id": auth_req_id.get_secret_value()}
        try:
            response = self._post(self._client.endpoints.token(), form)
        except IdpUnavailable as error:
            logger.warning("no poll is sent", extra={"detail": str(error)})
            return failed_poll(interval_seconds)
        except httpx.HTTPError as error:
            logger.warning("no answer to a poll", extra={"detail": describe_failure(error)})
            return failed_poll(interval_seconds)
        tokens = parse_tokens(response)
        if tokens is None:
            return self._parse_error(response, interval_seconds, push_expires_at)
        return self.verify(tokens, consent, interval_seconds)

    def _parse_error(self, response: httpx.Response, interval_seconds: int, push_expires_at: datetime) -> PollResult:
        is_expired = self._clock() >= push_expires_at
        result = parse_error(response, interval_seconds, is_expired=is_expired, denial=self._dialect.denial)
        if result.has_failed or result.outcome in _REPORTED:
            logger.warning("a poll is refused", extra=parse_error_response(response).log_fields())
        return result

    def verify(self, tokens: IssuedTokens, consent: RequestedConsent, interval_seconds: int) -> PollResult:
        """APPROVED with the access token, or UNVERIFIED with both tokens. Raises TokenRejected.

        DENIED if the employee agreed to less than the employment status, without which there is no answer.
        """
        try:
            verified = self._tokens.verify(tokens, consent)
        except KeysUnavailable as error:
            logger.warning("the tokens cannot be verified yet", extra={"code": error.code, "detail": str(error)})
            return PollResult(PollOutcome.UNVERIFIED, interval_seconds, unverified=tokens)
        if verified.granted_facts is not None and EMPLOYMENT_STATUS.id not in verified.granted_facts:
            return PollResult(PollOutcome.DENIED, interval_seconds)
        return PollResult(PollOutcome.APPROVED, interval_seconds, verified=verified)

    def _post(self, url: str, form: dict[str, str]) -> httpx.Response:
        return self._client.post(self._http, url, form, _TIMEOUT)


def _authentication_request(response: httpx.Response, requested_expiry_seconds: int) -> AuthenticationRequest:
    body = json_object(response)
    if response.is_success and body.get("auth_req_id"):
        return AuthenticationRequest(
            SecretStr(str(body["auth_req_id"])),
            _positive_int(body, "interval", _DEFAULT_INTERVAL_SECONDS),
            _positive_int(body, "expires_in", requested_expiry_seconds),
        )
    raise _start_error(response, parse_error_response(response))


def _start_error(response: httpx.Response, answer: ErrorResponse) -> IdpError:
    """The error of a request that was not accepted."""
    code, log_fields = answer.error or str(response.status_code), answer.log_fields()
    if response.is_success or response.is_server_error:
        return IdpUnavailable(f"bc-authorize answers {response.status_code}", log_fields=log_fields)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return IdpRateLimited(f"bc-authorize answers {code}", log_fields=log_fields)
    if _is_about_the_employee(answer):
        return PushRefused(f"bc-authorize answers {code}", log_fields=log_fields)
    return IdpRejectedClient(f"bc-authorize answers {code}", log_fields=log_fields)


def _is_about_the_employee(answer: ErrorResponse) -> bool:
    if answer.error == "invalid_request":
        return not any(parameter in answer.description.lower() for parameter in _OUR_PARAMETERS)
    return answer.error == "unknown_user_id" or answer.says_no_push()


def _positive_int(body: dict[str, Any], field: str, default: int) -> int:
    value = body.get(field)
    return value if isinstance(value, int) and value > 0 else default
