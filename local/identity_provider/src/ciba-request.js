import { errors } from 'oidc-provider';

const BINDING_MESSAGE = /^[A-Za-z0-9+\-_.,:#]{1,64}$/;
const PUSH_EXPIRY_SECONDS = 300;
const LONGEST_EXPIRY_SECONDS = 259_200;

/** Auth0's login_hint: {"format": "iss_sub", "iss": this tenant, "sub": the user}. Gives the sub. */
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

/** Auth0 requires it: at most 64 characters, letters, digits and +-_.,:# */
export function checkBindingMessage(_ctx, message) {
  if (!message) throw new errors.InvalidRequest('binding_message is required');
  if (!BINDING_MESSAGE.test(message)) {
    throw new errors.InvalidBindingMessage('binding_message: at most 64 alphanumeric or +-_.,:# characters');
  }
}

/** Up to 300 s Auth0 sends a push; longer goes by e-mail, which this tenant does not have. */
export function checkRequestedExpiry(ctx) {
  const seconds = requestedExpirySeconds(ctx);
  if (seconds > LONGEST_EXPIRY_SECONDS) throw new errors.InvalidRequest('requested_expiry must be from 1 to 259200');
  if (seconds > PUSH_EXPIRY_SECONDS) {
    throw new errors.InvalidRequest('requested_expiry above 300 needs the email channel, which is not enabled');
  }
}

/** Seconds a request lives; 300 when the client does not say. */
export function requestedExpirySeconds(ctx) {
  return Number(ctx.oidc.params.requested_expiry ?? PUSH_EXPIRY_SECONDS);
}
