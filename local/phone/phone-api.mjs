import { withoutProperties } from '../identity_provider/src/authorization-details.js';
import { parseJson, readText, sendJson } from '../identity_provider/src/http-router.js';

/** One pending request for programs. It never holds the auth_req_id. */
function requestSummary({ id, user, bindingMessage, scopes, authorizationDetails, expiresAt }) {
  return {
    id,
    email: user.email,
    sub: user.sub,
    binding_message: bindingMessage,
    scope: scopes.join(' '),
    expires_at: new Date(expiresAt).toISOString(),
    authorization_details: authorizationDetails,
  };
}

/** One request for the page: the summary, the state, the names of client and API, and the descriptions of the scopes. */
function requestCard(tenant, request) {
  const api = tenant.api(request.audience);
  const requestedScopes = (api?.scopes ?? []).filter(({ value }) => request.scopes.includes(value));
  return {
    ...requestSummary(request),
    state: request.state,
    name: request.user.name,
    client: request.clientName,
    api: api?.name ?? null,
    asks: requestedScopes.map(({ description }) => description),
    may_leave_out: mayLeaveOut(request),
  };
}

/** The names of the properties that the user may leave out: those of several with the same label, as in "They learn". */
function mayLeaveOut({ behaviour, authorizationDetails }) {
  if (!behaviour.partial_approval || !authorizationDetails) return [];
  const shown = authorizationDetails.flatMap(({ properties }) => Object.entries(properties).filter(([, { display }]) => display));
  const hasTwin = ([name, { name: label }]) => shown.some(([other, property]) => other !== name && property.name === label);
  return shown.filter(hasTwin).map(([name]) => name);
}

/** Routes for router(): pending requests, approve and deny, the event stream, and a health check. */
export function phoneRoutes({ tenant, requests }) {
  const cards = () => JSON.stringify(requests.live().map((request) => requestCard(tenant, request)));
  return {
    'GET /api/health': (_req, res) => sendJson(res, 200, { status: 'ok', issuer: tenant.issuer }),
    'GET /api/requests': (_req, res) =>
      sendJson(res, 200, requests.live().filter(({ state }) => state === 'pending').map(requestSummary)),
    'POST /api/requests/:id/approve': answer(requests, true),
    'POST /api/requests/:id/deny': answer(requests, false),
    'GET /api/events': (_req, res) => streamCards(res, requests, cards),
  };
}

/** The body may be empty, or {"leave_out": names of properties} where the tenant allows it. */
function answer(requests, approved) {
  return async (req, res, { params }) => {
    const body = readAnswer(await readText(req));
    // What is misspelled must not approve everything.
    if (!body) return sendJson(res, 400, { error: 'invalid_body', message: 'the body is empty or {"leave_out": [names]}' });
    const { leave_out: names = [] } = body;
    const request = requests.get(params.id);
    if (!request) return sendJson(res, 404, { error: 'not_found' });
    if (request.state !== 'pending') return sendJson(res, 409, { error: 'already_answered', state: request.state });
    const allowed = mayLeaveOut(request);
    if (!Array.isArray(names) || !names.every((name) => allowed.includes(name))) {
      return sendJson(res, 400, { error: 'cannot_leave_out', may_leave_out: allowed });
    }
    await requests.answer(request, approved, names.length ? withoutProperties(request.authorizationDetails, names) : undefined);
    return sendJson(res, 204);
  };
}

/** The object in the body, {} for an empty one; undefined for anything else, and for an object with other members. */
function readAnswer(text) {
  const body = text === '' ? {} : parseJson(text);
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject && Object.keys(body).every((name) => name === 'leave_out') ? body : undefined;
}

/** Server-Sent Events: all cards at the start, and all cards again after each change. */
function streamCards(res, requests, cards) {
  const send = () => res.write(`data: ${cards()}\n\n`);
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  res.write('retry: 1000\n\n');
  send();
  requests.on('change', send);
  res.on('close', () => requests.off('change', send));
}
