"""A token issuer with one key, as an HTTP API's JWT authorizer needs it."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.http_servers import Quiet, Serving

AUDIENCE = "https://staff0/agent"
KEY_ID = "one"


class Issuer(Serving):
    """Serves its JWKS inside a `with` block. `url` is the `iss` of its tokens."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of({"keys": [{**public, "kid": KEY_ID}]}))
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def token(self, scope: str = "read:probe", **claims: str | int) -> str:
        now = int(time.time())
        payload = {"iss": self.url, "aud": AUDIENCE, "sub": "someone", "iat": now, "exp": now + 60, "scope": scope}
        return jwt.encode({**payload, **claims}, self._key, algorithm="RS256", headers={"kid": KEY_ID})


def handler_of(keys: dict[str, Any]) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.endswith("/jwks.json"):
                self.send_error(404)
                return
            body = json.dumps(keys).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
