"""The HR API, as an employee's own token sees it."""

from typing import Final, Literal
from urllib.parse import quote

import httpx
from pydantic import BaseModel, SecretStr, ValidationError
from staff0.errors import HrApiRefused, HrApiUnavailable

_TIMEOUT: Final = httpx.Timeout(10, connect=5)
_PROBLEM: Final = "application/problem+json"  # RFC 9457: the HR API itself says no, not a gateway before it


class Employment(BaseModel):
    """What is read of a record; title, department and dates are left where they are."""

    id: str
    name: str
    status: Literal["active", "on_leave", "terminated"]

    @property
    def is_employed(self) -> bool:
        """Leave is a personal matter: who is on leave works here."""
        return self.status != "terminated"


class HrApiClient:
    def __init__(self, http: httpx.Client, base_url: str) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")

    def read(self, sub: str, token: SecretStr) -> Employment | None:
        """The employee's record, None if HR has none. Raises HrApiUnavailable, HrApiRefused."""
        url = f"{self._base_url}/employees/{quote(sub, safe='')}"
        try:
            response = self._http.get(
                url, headers={"Authorization": f"Bearer {token.get_secret_value()}"}, timeout=_TIMEOUT
            )
        except httpx.HTTPError as error:
            raise HrApiUnavailable(f"the HR API: {type(error).__name__}") from None
        match response.status_code:
            case httpx.codes.OK:
                return _record(response, sub)
            case httpx.codes.NOT_FOUND if response.headers.get("Content-Type", "").startswith(_PROBLEM):
                return None
            case httpx.codes.UNAUTHORIZED | httpx.codes.FORBIDDEN | httpx.codes.NOT_FOUND:
                raise HrApiRefused(f"the HR API answers {response.status_code}")
        raise HrApiUnavailable(f"the HR API answers {response.status_code}")


def _record(response: httpx.Response, sub: str) -> Employment:
    try:
        record = Employment.model_validate_json(response.content)
    except ValidationError:
        raise HrApiUnavailable("the HR API's answer cannot be read") from None
    if record.id != sub:
        raise HrApiRefused("the HR API answers with another employee")
    return record
