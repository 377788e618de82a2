// Auth0's response to a poll of /oauth/token, made from oidc-provider's response.
import { CIBA_GRANT } from './tenant-file.js';

const SLOW_DOWN_SECONDS = 5; // CIBA Core 11: the interval grows by at least 5 s, for this and all later polls
const LEEWAY_MS = 250; // Auth0's interval is "approximately" five seconds, and the network adds its own delay
const LOG_LENGTH = 10_000;
const DEVICE_FLOW_STATUS = { slow_down: 429 };

const TEXT = {
  authorization_pending: 'The end-user authorization is pending',
  access_denied: 'The end-user denied the authorization request or it has been expired',
};

export const isPoll = (ctx) => ctx.oidc?.route === 'token' && ctx.oidc.params?.grant_type === CIBA_GRANT;

/** Applies the polling interval and the behaviour profile to polls, and logs each poll for tests. */
export class PollRules {
  log = [];
  #now;

  constructor({ requests, intervalSeconds, behaviour, now }) {
    Object.assign(this, { requests, intervalSeconds, behaviour });
    this.#now = now;
  }

  /** Changes the response in ctx. A response to wrong client credentials (401) stays as it is and is not logged. */
  decorate(ctx) {
    if (ctx.status === 401) return;
    const request = this.requests.byAuthReqId(ctx.oidc.params.auth_req_id);
    const { expiry_as, poll_status } = request?.behaviour ?? this.behaviour;
    const since = request ? this.#sinceLast(request) : null;
    if (ctx.body.error === 'authorization_pending') this.#slowDown(ctx, request, since);
    if (ctx.body.error === 'expired_token') ctx.body.error = expiry_as;
    if (TEXT[ctx.body.error]) ctx.body.error_description = TEXT[ctx.body.error];
    if (ctx.body.error === 'access_denied' && request?.state === 'approved') {
      ctx.body.error_description = request.user.app_metadata.action_denies;
    }
    if (ctx.body.error && poll_status === 403) ctx.status = DEVICE_FLOW_STATUS[ctx.body.error] ?? 403;
    this.#addToLog(ctx, request, since);
  }

  /** Milliseconds since the last poll of this request; null for the first poll, which may come at any time. */
  #sinceLast(request) {
    const since = request.polledAt === undefined ? null : this.#now() - request.polledAt;
    request.polledAt = this.#now();
    request.intervalSeconds ??= this.intervalSeconds;
    return since;
  }

  #slowDown(ctx, request, since) {
    if (since === null || since >= request.intervalSeconds * 1000 - LEEWAY_MS) return;
    request.intervalSeconds += SLOW_DOWN_SECONDS;
    const interval = request.intervalSeconds;
    const text = `You are polling faster than allowed. Try again in ${interval} seconds.`;
    ctx.body = { error: 'slow_down', error_description: text };
    if (!request.behaviour.names_waits) return;
    ctx.set('Retry-After', `${interval}`);
    ctx.body.interval = interval;
  }

  #addToLog(ctx, request, since) {
    this.log.push({
      at: new Date(this.#now()).toISOString(),
      request_id: request?.id ?? null,
      binding_message: request?.bindingMessage ?? null,
      seconds_since_last: since === null ? null : since / 1000,
      interval_seconds: request?.intervalSeconds ?? null,
      status: ctx.status,
      error: ctx.body.error ?? null,
    });
    if (this.log.length > LOG_LENGTH) this.log.shift();
  }
}
