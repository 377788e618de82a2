"""Verifies the tokens that the identity provider issues for an approval."""

from datetime import UTC, datetime

from staff0.auth import ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES, Claims, SigningKeys, TokenVerifier
from staff0.errors import InvalidToken, KeysUnavailable, TokenRejected, UntrustedSignature

from approval.identity_provider.employee_scopes import EMPLOYEE_SCOPES
from approval.identity_provider.token_response import IssuedTokens, VerifiedToken


class IssuedTokensVerifier:
    """Accepts tokens of one issuer for one of our clients and one audience."""

    def __init__(self, issuer: str, client_id: str, audience: str, keys: SigningKeys) -> None:
        self._client_id = client_id
        self._keys = keys
        self._access_tokens = TokenVerifier(issuer, audience, keys, ACCESS_TOKEN_TYPES)
        self._id_tokens = TokenVerifier(issuer, client_id, keys, ID_TOKEN_TYPES)

    def verify(self, tokens: IssuedTokens, sub: str) -> VerifiedToken:
        """The access token, if both tokens are for this employee and the access token is what we asked for.

        CIBA Core 10.1.1 requires the validation of the ID token. Raises TokenRejected, which says what check failed,
        and KeysUnavailable when the issuer's key is not known yet: verify the same tokens again later.
        """
        try:
            identity, access = self._claims(tokens)
        except UntrustedSignature:
            raise KeysUnavailable("the issuer has not published the key of its tokens yet") from None
        except InvalidToken as error:
            raise TokenRejected(str(error)) from None
        checks = {
            "the ID token is for another employee": identity.subject == sub,
            "the ID token is another client's": identity.is_authorized_party(self._client_id),
            "the access token is for another employee": access.subject == sub,
            "the access token is a client's": not access.is_machine,
            "the access token is another client's": access.client_id == self._client_id,
            "the access token is for another actor": not access.actors - {self._client_id},
            **{f"the access token lacks {scope}": scope in access.scopes for scope in EMPLOYEE_SCOPES},
        }
        failed = [message for message, holds in checks.items() if not holds]
        if failed:
            raise TokenRejected("; ".join(failed))
        return VerifiedToken(tokens.access_token, datetime.fromtimestamp(access.expires_at, UTC))

    def _claims(self, tokens: IssuedTokens) -> tuple[Claims, Claims]:
        """The claims of the ID token and of the access token, with fresh keys if a cached key does not fit.

        The tokens came from the issuer itself, so no stranger decides how often its keys are fetched.
        """
        try:
            return self._verify_both(tokens)
        except UntrustedSignature:
            self._keys.refresh()
            return self._verify_both(tokens)

    def _verify_both(self, tokens: IssuedTokens) -> tuple[Claims, Claims]:
        identity = self._id_tokens.verify(tokens.id_token.get_secret_value())
        return identity, self._access_tokens.verify(tokens.access_token.get_secret_value())
