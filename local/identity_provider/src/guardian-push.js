import { errors } from 'oidc-provider';
import { OIDC_SCOPES, denied } from './audience.js';
import { detailsInToken } from './authorization-details.js';

const MINUTE_MS = 60_000;

/** Returns oidc-provider's triggerAuthenticationDevice: sends the request to the phone, or throws Auth0's error. */
export function pushToPhone({ tenant, requests, behaviour, pushesPerMinute, now }) {
  return async (ctx, request, account, client) => {
    const user = tenant.users.get(account.accountId);
    requirePush(tenant, user, client);
    limitPushRate(ctx, requests.countSince(user.sub, now() - MINUTE_MS), pushesPerMinute, now);
    const scopes = grantedScopes(tenant, user, ctx.oidc.resourceServers[request.resource], request);
    const kept = behaviour.details_in_token;
    requests.add({
      authReqId: request.jti,
      user,
      clientName: client.clientName,
      audience: request.resource,
      scopes,
      behaviour: { ...behaviour }, // a later change does not apply to the polls of this request
      bindingMessage: request.params.binding_message,
      authorizationDetails: JSON.parse(request.params.authorization_details ?? 'null'),
      expiresAt: now() + request.expiration * 1000,
      settle: (answer) => settle(ctx.oidc.provider, request, { user, scopes, kept, ...answer }),
    });
  };
}

function requirePush(tenant, user, client) {
  const { async_approval_notification_channels: channels = [] } = tenant.client(client.clientId);
  if (user.blocked) throw denied('user is blocked', 400);
  if (!tenant.pushEnabled || !channels.includes('guardian-push')) {
    throw new errors.InvalidRequest('No notification channel is enabled for this client');
  }
  if (!tenant.users.hasPush(user)) throw new errors.InvalidRequest('User does not have push notifications enabled');
}

function limitPushRate(ctx, sentInLastMinute, limit, now) {
  if (sentInLastMinute < limit) return;
  ctx.set({
    'Retry-After': '60',
    'x-ratelimit-limit': `${limit}`,
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': `${Math.ceil((now() + MINUTE_MS) / 1000)}`,
  });
  const error = new errors.CustomOIDCProviderError('too_many_requests', 'Too many push notifications for this user');
  throw Object.assign(error, { status: 429, statusCode: 429 });
}

/** Scopes for the phone and the token. With RBAC (enforce_policies) they are limited to the user's permissions. */
function grantedScopes(tenant, user, resourceServer, request) {
  const requested = [...request.scopes].filter((scope) => resourceServer.scopes.has(scope));
  if (!tenant.api(request.resource)?.enforce_policies) return requested;
  const allowed = [...OIDC_SCOPES, ...tenant.users.permissions(user, request.resource)];
  return requested.filter((scope) => allowed.includes(scope));
}

/**
 * Tells oidc-provider the answer. After an approval Auth0 runs the tenant's post-login Actions, which may deny the
 * log-in with a reason of their own (api.access.deny): here that is the user's action_denies. Auth0
 * stores no consent, so each approval creates a new grant.
 */
async function settle(provider, request, { user, scopes, kept, approved, authorizationDetails }) {
  if (!approved || user.app_metadata?.action_denies) {
    await provider.backchannelResult(request, new errors.AccessDenied());
    return;
  }
  const grant = new provider.Grant({ accountId: request.accountId, clientId: request.clientId });
  grant.addOIDCScope(scopes.filter((scope) => OIDC_SCOPES.includes(scope)));
  grant.addResourceScope(request.resource, scopes);
  await grant.save();
  await provider.backchannelResult(request, grant.jti, { rar: detailsInToken(authorizationDetails, kept) });
}
