"""OAuth protected-resource metadata (RFC 9728): tells a client without a token where it gets one."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

WELL_KNOWN: Final = "/.well-known/oauth-protected-resource"
_PATH_CHARACTERS: Final = "/:@!$&'()*+,;="  # RFC 3986 3.3, beside those that quote() never encodes


@dataclass(frozen=True)
class ProtectedResource:
    """One API. Each of its URLs that needs a token is a resource, and all of them accept the same tokens."""

    name: str
    issuer: str
    audience: str
    scopes: tuple[str, ...]

    def metadata(self, resource: str, **more: object) -> dict[str, object]:
        """The metadata of one URL (RFC 9728 2). `more` are members that only some APIs have."""
        return {
            "resource": resource,
            "resource_name": self.name,
            "authorization_servers": [self.issuer],
            "scopes_supported": list(self.scopes),
            "bearer_methods_supported": ["header"],
            # Auth0 issues no token without the parameter `audience`, for which the RFC has no member.
            "audience": self.audience,
            **more,
        }


def is_metadata_path(path: str) -> bool:
    return path == WELL_KNOWN or path.startswith(f"{WELL_KNOWN}/")


def metadata_url(base_url: str, path: str) -> str:
    """The URL of the metadata of `base_url` + `path` (RFC 9728 3.1). The path is decoded."""
    parts = urlsplit(base_url + quote(path, _PATH_CHARACTERS))
    return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{parts.path}"


def resource_url(base_url: str, metadata_path: str) -> str:
    """The URL that the metadata at this decoded path describes."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}{quote(metadata_path.removeprefix(WELL_KNOWN), _PATH_CHARACTERS)}"
