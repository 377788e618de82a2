import { isPoll } from './poll-rules.js';

/** Koa middleware that rewrites oidc-provider's responses as Auth0 words them. */
export function auth0Responses(polls, behaviour, issued, intervalSeconds) {
  return async (ctx, next) => {
    await next();
    renameClientErrors(ctx);
    issued.record(ctx.body);
    // Auth0 does not advertise the types of authorization details that its APIs accept.
    if (ctx.oidc?.route === 'discovery') delete ctx.body.authorization_details_types_supported;
    if (isPoll(ctx)) polls.decorate(ctx);
    const hasStarted = ctx.oidc?.route === 'backchannel_authentication' && ctx.status === 200;
    if (hasStarted && behaviour.names_waits) ctx.body.interval = intervalSeconds;
  };
}

/**
 * Auth0 reports a wrong secret as access_denied, and a grant type that the client may not use as unauthorized_client.
 */
function renameClientErrors(ctx) {
  if (ctx.status === 401 && ctx.body?.error === 'invalid_client') {
    ctx.body = { error: 'access_denied', error_description: 'Unauthorized' };
  } else if (/is not allowed for this client$/.test(ctx.body?.error_description)) {
    ctx.status = 403;
    ctx.body = { error: 'unauthorized_client', error_description: 'Grant type not allowed for the client.' };
  }
}
