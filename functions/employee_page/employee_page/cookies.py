"""The two cookies of the page: one for a log-in that has begun, one for a session.

Over https they have the prefix __Host-, so that no other host can set them (RFC 6265bis 4.1.3). A page on this machine
is served over plain http, where browsers differ about cookies with that prefix.
"""

from dataclasses import dataclass
from typing import Final, Self

from starlette.requests import Request
from starlette.responses import Response

LOG_IN_SECONDS: Final = 600


@dataclass(frozen=True)
class Cookie:
    """One cookie. Without `max_age_seconds` it ends with the browser."""

    name: str
    is_secure: bool
    max_age_seconds: int | None = None

    @classmethod
    def session(cls, base_url: str) -> Self:
        return cls(*_named("staff0-page", base_url))

    @classmethod
    def log_in(cls, base_url: str) -> Self:
        return cls(*_named("staff0-log-in", base_url), LOG_IN_SECONDS)

    def read(self, request: Request) -> str:
        """The value; empty without the cookie."""
        return request.cookies.get(self.name, "")

    def write(self, response: Response, value: str) -> None:
        # Lax, not Strict: the identity provider sends the browser back by a redirect from another site.
        response.set_cookie(
            self.name, value, self.max_age_seconds, secure=self.is_secure, httponly=True, samesite="lax"
        )

    def delete(self, response: Response) -> None:
        response.delete_cookie(self.name, secure=self.is_secure, httponly=True, samesite="lax")


def _named(name: str, base_url: str) -> tuple[str, bool]:
    is_secure = base_url.startswith("https://")
    return (f"__Host-{name}" if is_secure else name), is_secure
