import { hasScope } from './bearer.js';
import { sendJson } from './http.js';

/** GET /userinfo: who the token's user is, as far as its scopes allow. */
export function userinfo(tenant, readBearer) {
  return async (req, res) => {
    const { token } = await readBearer(req, tenant.userinfo);
    const user = token && tenant.users.get(token.sub);
    if (!user || !hasScope(token, 'openid')) {
      return sendJson(res, 401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer error="invalid_token"' });
    }
    const { name, given_name, family_name, email, email_verified } = user;
    return sendJson(res, 200, {
      sub: user.sub,
      ...(hasScope(token, 'profile') ? { name, given_name, family_name } : {}),
      ...(hasScope(token, 'email') ? { email, email_verified } : {}),
    });
  };
}
