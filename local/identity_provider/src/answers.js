import { isPoll } from './poll.js';

/** Koa middleware: oidc-provider's answers in Auth0's words. */
export function auth0Answers(polls, face, issued, intervalSeconds) {
  return async (ctx, next) => {
    await next();
    renameClientErrors(ctx);
    issued.note(ctx.body);
    if (isPoll(ctx)) polls.dress(ctx);
    const hasStarted = ctx.oidc?.route === 'backchannel_authentication' && ctx.status === 200;
    if (hasStarted && face.names_waits) ctx.body.interval = intervalSeconds;
  };
}

/** Auth0 answers a wrong secret with access_denied and a grant type not switched on with unauthorized_client. */
function renameClientErrors(ctx) {
  if (ctx.status === 401 && ctx.body?.error === 'invalid_client') {
    ctx.body = { error: 'access_denied', error_description: 'Unauthorized' };
  } else if (/is not allowed for this client$/.test(ctx.body?.error_description)) {
    ctx.status = 403;
    ctx.body = { error: 'unauthorized_client', error_description: 'Grant type not allowed for the client.' };
  }
}
