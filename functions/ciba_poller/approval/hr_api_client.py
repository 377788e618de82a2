"""Client of the HR API, with the access token of the employee."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final
from urllib.parse import quote

import httpx
import msgspec
from staff0.clock import Clock
from staff0.connection_failure import describe_failure
from staff0.errors import HrApiRefused, HrApiUnauthorized, HrApiUnavailable
from staff0.retry_after import retry_after_seconds
from staff0.secret_str import SecretStr
from staff0.skills import EMPLOYMENT_STATUS, EmploymentStatus, Fact
from staff0.skills.employee_record import employee_model
from staff0.time_limit import call_within
from staff0.trace_context import trace_headers

_READ_SECONDS: Final = 10.0  # from the name look-up to the last byte
_TIMEOUT: Final = httpx.Timeout(_READ_SECONDS, connect=5)  # of one operation; a slow server can cause many
_PROBLEM: Final = "application/problem+json"  # RFC 9457: the response is from the HR API, not from a gateway
_PAGE: Final = "text/html"  # from a firewall, whose rate limits answer 403: a later request gets through


@dataclass(frozen=True)
class Employment:
    """What the HR API discloses of an employee, by fact id. A fact that it does not disclose is absent."""

    status: EmploymentStatus
    facts: Mapping[str, str | date]


@dataclass(frozen=True)
class ApprovalUse:
    """Which request a token with authorization details is used for, and the key of its one use."""

    request_id: str
    client_id: str
    key: str


class HrApiClient:
    def __init__(self, http: httpx.Client, base_url: str, clock: Clock, read_seconds: float = _READ_SECONDS) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._read_seconds = read_seconds

    def read(
        self, sub: str, token: SecretStr, facts: Iterable[Fact], use: ApprovalUse | None = None
    ) -> Employment | None:
        """These facts of the employee's record, or None if HR has no record. Raises HrApiError.

        `use` is for a token with authorization details.
        """
        url = f"{self._base_url}/employees/{quote(sub, safe='')}"
        try:
            headers = {"Authorization": f"Bearer {token.get_secret_value()}"} | trace_headers()
            query = {"request_id": use.request_id, "client_id": use.client_id} if use else None
            key = {"Idempotency-Key": use.key} if use else {}
            get = partial(self._http.get, url, params=query, headers=headers | key, timeout=_TIMEOUT)
            response = call_within(self._read_seconds, get)
        except (httpx.HTTPError, TimeoutError) as error:
            raise HrApiUnavailable(f"the HR API: {describe_failure(error)}") from None
        match response.status_code:
            case httpx.codes.OK:
                return _parse(response, sub, facts)
            case httpx.codes.NOT_FOUND if _media_type(response).startswith(_PROBLEM):
                return None
            case httpx.codes.UNAUTHORIZED:
                raise HrApiUnauthorized("the HR API answers 401")
            case httpx.codes.FORBIDDEN | httpx.codes.NOT_FOUND if not _media_type(response).startswith(_PAGE):
                raise HrApiRefused(f"the HR API answers {response.status_code}")
        seconds = retry_after_seconds(response.headers.get("Retry-After", ""), self._clock())
        raise HrApiUnavailable(f"the HR API answers {response.status_code}", retry_after_seconds=seconds)


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Type", "")).lower()


def _parse(response: httpx.Response, sub: str, facts: Iterable[Fact]) -> Employment:
    """Reads these facts only: whatever else HR sends, or in whatever form, is not looked at."""
    facts = (EMPLOYMENT_STATUS, *facts)
    try:
        record = msgspec.structs.asdict(msgspec.json.decode(response.content, type=employee_model(facts)))
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise HrApiUnavailable("the HR API's response is not a valid record") from None
    if record["id"] != sub:
        raise HrApiRefused("the HR API answers with another employee")
    status = record[EMPLOYMENT_STATUS.field]
    if status is None:
        raise HrApiUnavailable("the HR API's response has no employment status")
    return Employment(status, {fact.id: record[fact.field] for fact in facts if record[fact.field] is not None})
