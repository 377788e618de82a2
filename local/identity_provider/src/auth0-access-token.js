/**
 * Turns oidc-provider's access token into Auth0's. The API's `token_dialect` decides: `access_token` gives typ JWT and
 * `azp`; `rfc9068_profile` gives typ at+jwt and `client_id` (RFC 9068); an `_authz` dialect adds `permissions`.
 * Only a machine's token has `gty`, and in Auth0's profile only. With `agent_identities` each client is linked to an
 * agent: the agent is the subject of a machine's token, and the actor (`act`) of a person's.
 */
export function auth0AccessToken(tenant, behaviour) {
  return (_ctx, token, jwt) => {
    const { client_id: clientId, jti, aud: audience, ...claims } = jwt.payload;
    const isMachine = token.kind === 'ClientCredentials';
    const chosen = isMachine ? behaviour.machine_token_dialect : behaviour.user_token_dialect;
    const dialect = chosen ?? tenant.api(audience)?.token_dialect ?? 'access_token';
    const isRfc9068 = dialect.startsWith('rfc9068');
    const subject = isMachine ? { sub: `${clientId}@clients`, aud: audience } : userClaims(tenant, behaviour, claims, audience);
    jwt.payload = {
      ...claims,
      ...subject,
      ...(isMachine && !isRfc9068 ? { gty: 'client-credentials' } : {}),
      ...(behaviour.agent_identities ? agentClaims(clientId, isMachine) : {}),
      ...(isRfc9068 ? { client_id: clientId, jti } : { azp: clientId }),
      ...(dialect.endsWith('_authz') ? { permissions: permissions(tenant, token, audience) } : {}),
    };
    jwt.header = { typ: isRfc9068 ? 'at+jwt' : 'JWT' };
  };
}

/** The claims of agent_subject_claims "auth0-v1". */
function agentClaims(clientId, isMachine) {
  const agent = { sub: `agt_${clientId}`, sub_profile: 'ai_agent' };
  if (isMachine) return { ...agent, client_profile: 'service ai_agent' };
  return { sub_profile: 'user', client_profile: 'ai_agent', act: { ...agent, client_id: clientId } };
}

/** With the scope `openid` the token is valid for /userinfo as well, so its audience is a list. */
function userClaims(tenant, behaviour, { scope = '' }, audience) {
  const forUserinfo = behaviour.audience_as_list && scope.split(' ').includes('openid') && audience !== tenant.userinfo;
  return { aud: forUserinfo ? [audience, tenant.userinfo] : audience };
}

function permissions(tenant, token, audience) {
  if (token.kind === 'ClientCredentials') return token.scope?.split(' ') ?? [];
  return tenant.users.permissions(tenant.users.get(token.accountId), audience);
}
