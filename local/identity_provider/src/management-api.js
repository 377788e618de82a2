// The four endpoints of Auth0's Management API (v2) that this project uses, with Auth0's error bodies.
import { hasScope } from './bearer-token.js';
import { sendJson } from './http-router.js';

const SCOPE = 'read:users';
const CREATED_AT = '2026-01-01T00:00:00.000Z';

function sendError(res, statusCode, error, message, errorCode) {
  sendJson(res, statusCode, { statusCode, error, message, ...(errorCode ? { errorCode } : {}) });
}

/** Routes for router(). Each needs an access token for the Management API with the scope read:users. */
export function managementRoutes(tenant, readBearer) {
  const { users } = tenant;
  const guarded = (handler) => async (req, res, call) => {
    const { token, present } = await readBearer(req, tenant.managementApi);
    if (!present) return sendError(res, 401, 'Unauthorized', 'Missing authentication');
    if (!token) return sendError(res, 401, 'Unauthorized', 'Invalid token');
    if (!hasScope(token, SCOPE)) {
      return sendError(res, 403, 'Forbidden', `Insufficient scope, expected any of: ${SCOPE}`, 'insufficient_scope');
    }
    return handler(res, call);
  };
  const ofUser = (show) => guarded((res, { params, query }) => {
    const user = users.get(params.id);
    if (!user) return sendError(res, 404, 'Not Found', 'The user does not exist.', 'inexistent_user');
    return sendJson(res, 200, show(user, query));
  });
  const byEmail = guarded((res, { query }) => {
    const email = query.get('email');
    if (email) return sendJson(res, 200, users.byEmail(email).map((user) => only(query, profile(user, users.connection))));
    return sendError(res, 400, 'Bad Request', "Query validation error: 'Missing required property: email'.", 'invalid_query_string');
  });
  return {
    'GET /api/v2/users-by-email': byEmail,
    'GET /api/v2/users/:id': ofUser((user, query) => only(query, profile(user, users.connection))),
    'GET /api/v2/users/:id/permissions': ofUser((user) => users.allPermissions(user).map(permission)),
    'GET /api/v2/users/:id/enrollments': ofUser((user) => (users.hasPush(user) ? [enrollment(user)] : [])),
  };
}

/** Responds to every other path under /api/v2/. */
export const noSuchEndpoint = (_req, res) => sendError(res, 404, 'Not Found', 'Not Found');

/** The fields that the request names with `fields` and include_fields=true; all fields without `fields`. */
function only(query, user) {
  const fields = query.get('fields')?.split(',');
  if (!fields || query.get('include_fields') === 'false') return user;
  return Object.fromEntries(Object.entries(user).filter(([name]) => fields.includes(name)));
}

/** The user as the API returns it. Auth0 includes `blocked` only for a blocked user. */
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
    identities: [{ connection: user.connection ?? connection, provider: user.provider ?? 'auth0', user_id, isSocial: false }],
    app_metadata,
    ...(user.blocked ? { blocked: true } : {}),
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
  };
}

function permission({ permission_name, resource_server_identifier }) {
  return { permission_name, resource_server_identifier, resource_server_name: resource_server_identifier, description: '' };
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
