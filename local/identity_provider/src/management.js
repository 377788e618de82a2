// The three questions of Auth0's Management API (v2) this product and its owner ask, with Auth0's error bodies.
import { hasScope } from './bearer.js';
import { sendJson } from './http.js';

const SCOPE = 'read:users';
const CREATED_AT = '2026-01-01T00:00:00.000Z';

function refuse(res, statusCode, error, message, errorCode) {
  sendJson(res, statusCode, { statusCode, error, message, ...(errorCode ? { errorCode } : {}) });
}

/** Routes for router(). Every one needs a token of this API with read:users. */
export function managementRoutes(tenant, readBearer) {
  const { users } = tenant;
  const guarded = (handler) => async (req, res, call) => {
    const { token, present } = await readBearer(req, tenant.managementApi);
    if (!present) return refuse(res, 401, 'Unauthorized', 'Missing authentication');
    if (!token) return refuse(res, 401, 'Unauthorized', 'Invalid token');
    if (!hasScope(token, SCOPE)) {
      return refuse(res, 403, 'Forbidden', `Insufficient scope, expected any of: ${SCOPE}`, 'insufficient_scope');
    }
    return handler(res, call);
  };
  const ofUser = (show) => guarded((res, { params }) => {
    const user = users.get(params.id);
    if (!user) return refuse(res, 404, 'Not Found', 'The user does not exist.', 'inexistent_user');
    return sendJson(res, 200, show(user));
  });
  const byEmail = guarded((res, { query }) => {
    const email = query.get('email');
    if (email) return sendJson(res, 200, users.byEmail(email).map((user) => profile(user, users.connection)));
    return refuse(res, 400, 'Bad Request', "Query validation error: 'Missing required property: email'.", 'invalid_query_string');
  });
  return {
    'GET /api/v2/users-by-email': byEmail,
    'GET /api/v2/users/:id': ofUser((user) => profile(user, users.connection)),
    'GET /api/v2/users/:id/enrollments': ofUser((user) => (users.hasPush(user) ? [enrollment(user)] : [])),
  };
}

/** Anything else under /api/v2/. */
export const noSuchEndpoint = (_req, res) => refuse(res, 404, 'Not Found', 'Not Found');

/** Auth0 shows `blocked` only for users who are. */
function profile(user, connection) {
  const { sub, user_id, email, email_verified, name, given_name, family_name, app_metadata } = user;
  return {
    user_id: sub,
    email,
    email_verified,
    name,
    given_name,
    family_name,
    nickname: email.split('@')[0],
    identities: [{ connection, provider: 'auth0', user_id, isSocial: false }],
    app_metadata,
    ...(user.blocked ? { blocked: true } : {}),
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
  };
}

function enrollment(user) {
  return {
    id: `push|dev_${user.user_id}`,
    status: 'confirmed',
    type: 'push-notification',
    name: 'Stand-in phone',
    auth_method: 'guardian',
    enrolled_at: CREATED_AT,
  };
}
