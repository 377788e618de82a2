import { createLocalJWKSet, jwtVerify } from 'jose';

/**
 * Returns a function that verifies a request's bearer token, which this identity provider must have issued. Its result
 * is {token, present}: the claims, or null for an invalid token; and whether the request had a token.
 */
export function bearerReader(tenant, keys) {
  const keySet = createLocalJWKSet({ keys: keys.keys.map(({ kty, n, e, kid, use, alg }) => ({ kty, n, e, kid, use, alg })) });
  return async (req, audience) => {
    const [, jwt] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
    if (!jwt) return { token: null, present: false };
    const verified = await jwtVerify(jwt, keySet, { issuer: tenant.issuer, audience, algorithms: ['RS256'] }).catch(() => null);
    return { token: verified?.payload ?? null, present: true };
  };
}

export const hasScope = (token, scope) => (token.scope ?? '').split(' ').includes(scope);
