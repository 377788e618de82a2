import { hasScope } from './bearer-token.js';
import { sendJson } from './http-router.js';

/** Handler of GET /userinfo: the claims of the token's user that its scopes allow. */
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
