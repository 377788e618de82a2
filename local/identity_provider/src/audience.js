import { errors } from 'oidc-provider';

export const OIDC_SCOPES = ['openid', 'profile', 'email'];

/** Auth0's error access_denied (403 by default): the API, or the client's grant for it, does not exist. */
export function denied(description, status = 403) {
  const error = new errors.AccessDenied(description);
  return Object.assign(error, { status, statusCode: status });
}

const isMachine = (ctx) => ctx.oidc.params.grant_type === 'client_credentials';

/**
 * Reads the `audience` parameter, which Auth0 uses where RFC 8707 has `resource`. Without it a user's token is for
 * /userinfo only, and a machine's request is denied.
 */
export function requestedAudience(tenant) {
  return (ctx) => {
    const { audience } = ctx.oidc.body ?? {};
    if (audience !== undefined && typeof audience !== 'string') throw new errors.InvalidRequest('audience must be given once');
    if (audience) return audience;
    if (isMachine(ctx)) throw denied('No audience parameter was provided, and no default audience has been configured');
    return tenant.userinfo;
  };
}

/** The API as oidc-provider needs it: the scopes this client may have, and the lifetime and format of its tokens. */
export function resourceServerInfo(tenant) {
  return (ctx, identifier, client) => {
    const api = identifier === tenant.userinfo ? { identifier, scopes: [] } : tenant.api(identifier);
    if (!api) throw denied(`Service not found: ${identifier}`);
    const scopes = allowedScopes(tenant, api, client, isMachine(ctx) ? 'client' : 'user');
    if (isMachine(ctx)) ctx.oidc.params.scope = machineScope(ctx.oidc.params.scope, scopes);
    return {
      audience: identifier,
      scope: (isMachine(ctx) ? scopes : [...OIDC_SCOPES, ...scopes]).join(' '),
      accessTokenTTL: api.token_lifetime ?? 86400,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'RS256' } },
    };
  };
}

function allowedScopes(tenant, api, client, subjectType) {
  const policy = api.subject_type_authorization?.[subjectType]?.policy
    ?? (subjectType === 'client' ? 'require_client_grant' : 'allow_all');
  if (policy === 'allow_all') return api.scopes.map((scope) => scope.value);
  const grant = policy === 'require_client_grant' && tenant.grant(client.clientId, api.identifier, subjectType);
  if (!grant) throw denied(`Client is not authorized to access "${api.identifier}".`);
  return grant.scope;
}

/** Without `scope` a machine gets every scope of its grant. A scope outside the grant is an error, never ignored. */
function machineScope(requested, granted) {
  if (!requested) return granted.join(' ') || undefined;
  const missing = requested.split(' ').filter((scope) => !granted.includes(scope));
  if (missing.length) throw denied(`Client has not been granted scopes: ${missing.join(', ')}`);
  return requested;
}
