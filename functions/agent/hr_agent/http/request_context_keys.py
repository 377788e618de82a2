"""Keys of the ASGI scope under which one middleware leaves what the next ones need."""

from typing import Final

BASE_URL_KEY: Final = "staff0.base_url"
CALLER_KEY: Final = "staff0.caller"
