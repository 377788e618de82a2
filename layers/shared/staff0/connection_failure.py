"""Says in a log line or an error message why a request got no response."""

import ssl
from collections.abc import Iterator


def describe_failure(error: BaseException) -> str:
    """The name of the error's class; for a certificate that is not trusted, a sentence with OpenSSL's reason.

    It never contains a URL, which may hold an employee's address.
    """
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate is not trusted ({cause.verify_message}); is a proxy in between? See SSL_CERT_FILE"
    return type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error itself and what caused it. urllib's URLError holds its cause in `reason`."""
    current: BaseException | None = error
    while current is not None:
        yield current
        reason = getattr(current, "reason", None)
        current = reason if isinstance(reason, BaseException) else current.__cause__ or current.__context__
