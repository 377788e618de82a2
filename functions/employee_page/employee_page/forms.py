"""Reads a posted form and checks that it is from a page of ours (CSRF)."""

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from employee_page.sessions import Session

_MAX_BYTES: Final = 4_096
_MAX_FIELDS: Final = 10


async def read_form(request: Request, session: Session, origin: str) -> Mapping[str, str]:
    """The fields of a form of this session's page, at this origin.

    Raises HTTPException: 403 for a form from elsewhere, 413 for one that is too long, 400 for one that is malformed.
    """
    # Every browser sends Origin with a form. The token alone would do; the two fail in different ways.
    if request.headers.get("origin") != origin:
        raise HTTPException(HTTPStatus.FORBIDDEN, "The form was not sent from this page.")
    body = await request.body()
    if len(body) > _MAX_BYTES:
        raise HTTPException(HTTPStatus.CONTENT_TOO_LARGE, "The form is too long.")
    try:
        fields = dict(parse_qsl(body.decode("ascii"), max_num_fields=_MAX_FIELDS, errors="strict"))
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The form cannot be read.") from None
    if not hmac.compare_digest(fields.get("form_token", "").encode(), session.form_token.encode()):
        raise HTTPException(HTTPStatus.FORBIDDEN, "The form is out of date. Open the page again.")
    return fields
