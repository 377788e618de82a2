/**
 * Turns oidc-provider's access token into Auth0's: typ JWT with `azp` (token_dialect access_token) or RFC 9068's at+jwt
 * with `client_id` (rfc9068_profile); `gty` for machines only; `permissions` with an _authz dialect.
 */
export function auth0AccessToken(tenant, face) {
  return (_ctx, token, jwt) => {
    const { client_id: clientId, jti, aud: audience, ...claims } = jwt.payload;
    const isMachine = token.kind === 'ClientCredentials';
    const dialect = (isMachine ? null : face.user_token_dialect) ?? tenant.api(audience)?.token_dialect ?? 'access_token';
    const isRfc9068 = dialect.startsWith('rfc9068');
    const subject = isMachine ? machine(clientId, audience) : user(tenant, face, claims, audience);
    jwt.payload = {
      ...claims,
      ...subject,
      ...(isRfc9068 ? { client_id: clientId, jti } : { azp: clientId }),
      ...(dialect.endsWith('_authz') ? { permissions: permissions(tenant, token, audience) } : {}),
    };
    jwt.header = { typ: isRfc9068 ? 'at+jwt' : 'JWT' };
  };
}

function machine(clientId, audience) {
  return { sub: `${clientId}@clients`, aud: audience, gty: 'client-credentials' };
}

/** With `openid` the token opens /userinfo too, so its audience is a list. */
function user(tenant, face, { scope = '' }, audience) {
  const forUserinfo = face.audience_as_list && scope.split(' ').includes('openid') && audience !== tenant.userinfo;
  return { aud: forUserinfo ? [audience, tenant.userinfo] : audience };
}

function permissions(tenant, token, audience) {
  if (token.kind === 'ClientCredentials') return token.scope?.split(' ') ?? [];
  return tenant.users.permissions(tenant.users.get(token.accountId), audience);
}
