import { errors } from 'oidc-provider';

const BINDING_MESSAGE = /^[A-Za-z0-9+\-_.,:#]{1,64}$/;
const PUSH_EXPIRY_SECONDS = 300;
const LONGEST_EXPIRY_SECONDS = 259_200;

/** Reads the `sub` out of Auth0's login_hint: {"format": "iss_sub", "iss": the issuer, "sub": the user}. */
export function loginHintSubject(issuer) {
  return (_ctx, loginHint) => {
    const hint = parseObject(loginHint);
    if (hint?.format !== 'iss_sub') throw new errors.InvalidRequest('login_hint must be a JSON object of the format iss_sub');
    if (hint.iss !== issuer) throw new errors.InvalidRequest(`login_hint: iss must be ${issuer}`);
    if (typeof hint.sub !== 'string' || !hint.sub) throw new errors.InvalidRequest('login_hint: sub is missing');
    return hint.sub;
  };
}

function parseObject(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Checks the binding message, which Auth0 requires: 1 to 64 characters, each a letter, a digit or one of +-_.,:# */
export function checkBindingMessage(_ctx, message) {
  if (!message) throw new errors.InvalidRequest('binding_message is required');
  if (!BINDING_MESSAGE.test(message)) {
    throw new errors.InvalidBindingMessage('binding_message: at most 64 alphanumeric or +-_.,:# characters');
  }
}

/** Checks requested_expiry. Above 300 s Auth0 sends an e-mail instead of a push, which is not supported here. */
export function checkRequestedExpiry(ctx) {
  const seconds = requestedExpirySeconds(ctx);
  if (seconds > LONGEST_EXPIRY_SECONDS) throw new errors.InvalidRequest('requested_expiry must be from 1 to 259200');
  if (seconds > PUSH_EXPIRY_SECONDS) {
    throw new errors.InvalidRequest('requested_expiry above 300 needs the email channel, which is not enabled');
  }
}

/** Lifetime of the request in seconds; 300 when the client does not send requested_expiry. */
export function requestedExpirySeconds(ctx) {
  return Number(ctx.oidc.params.requested_expiry ?? PUSH_EXPIRY_SECONDS);
}
