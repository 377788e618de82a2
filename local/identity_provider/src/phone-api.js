import { faultProblem } from './faults.js';
import { faceRoutes } from './behaviour-profile.js';
import { hiringRoutes } from './test-users.js';
import { readJson, sendJson } from './http.js';
import { issuedRoutes } from './issued.js';

/** What programs see of a request. Never auth_req_id. */
function summary({ id, user, bindingMessage, scopes, expiresAt }) {
  return {
    id,
    email: user.email,
    sub: user.sub,
    binding_message: bindingMessage,
    scope: scopes.join(' '),
    expires_at: new Date(expiresAt).toISOString(),
  };
}

/** What the page shows: the same, in plain words, with the answer once there is one. */
function card(tenant, request) {
  const api = tenant.api(request.audience);
  const wishes = (api?.scopes ?? []).filter(({ value }) => request.scopes.includes(value));
  return {
    ...summary(request),
    state: request.state,
    name: request.user.name,
    client: request.clientName,
    api: api?.name ?? null,
    asks: wishes.map(({ description }) => description),
  };
}

/** Routes for router(): requests, answers, a live stream, and the handles for tests. */
export function phoneRoutes({ tenant, requests, polls, faults, face, issued }) {
  const cards = () => JSON.stringify(requests.live().map((request) => card(tenant, request)));
  return {
    'GET /api/health': (_req, res) => sendJson(res, 200, { status: 'ok', issuer: tenant.issuer }),
    'GET /api/requests': (_req, res) =>
      sendJson(res, 200, requests.live().filter(({ state }) => state === 'pending').map(summary)),
    'POST /api/requests/:id/approve': answer(requests, true),
    'POST /api/requests/:id/deny': answer(requests, false),
    'GET /api/events': (_req, res) => stream(res, requests, cards),
    ...hiringRoutes({ tenant }),
    ...faceRoutes({ face }),
    ...issuedRoutes({ issued }),
    'GET /api/polls': (_req, res) => sendJson(res, 200, polls.log),
    'POST /api/faults': (req, res) => addFault(req, res, faults),
    'DELETE /api/faults': (_req, res) => {
      faults.clear();
      sendJson(res, 204);
    },
  };
}

function answer(requests, approved) {
  return async (_req, res, { params }) => {
    const request = requests.get(params.id);
    if (!request) return sendJson(res, 404, { error: 'not_found' });
    if (request.state !== 'pending') return sendJson(res, 409, { error: 'already_answered', state: request.state });
    await requests.answer(request, approved);
    return sendJson(res, 204);
  };
}

/** Server-Sent Events: all cards at once, and again whenever one comes or is answered. */
function stream(res, requests, cards) {
  const send = () => res.write(`data: ${cards()}\n\n`);
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  res.write('retry: 1000\n\n');
  send();
  requests.on('change', send);
  res.on('close', () => requests.off('change', send));
}

async function addFault(req, res, faults) {
  const fault = await readJson(req);
  const problem = faultProblem(fault);
  if (problem) return sendJson(res, 400, { error: 'invalid_fault', message: problem });
  faults.add(fault);
  return sendJson(res, 204);
}
