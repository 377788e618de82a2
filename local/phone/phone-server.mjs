import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { router, sendJson, withErrorHandling } from '../identity_provider/src/http-router.js';
import { phoneRoutes } from './phone-api.mjs';

const PAGE = path.join(import.meta.dirname, 'page');
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

function file(name, type) {
  const content = readFileSync(path.join(PAGE, name));
  return (_req, res) => res.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...HEADERS }).end(content);
}

/**
 * Server for the phones of all employees. It has no login, so it serves this machine only, and only its own page may
 * change state. `controls` are further routes, for tests.
 */
export function phoneServer({ tenant, requests, controls }) {
  const handler = router(
    {
      'GET /': file('index.html', 'text/html'),
      'GET /phone.css': file('phone.css', 'text/css'),
      'GET /phone.js': file('phone.js', 'text/javascript'),
      'GET /request-details.js': file('request-details.js', 'text/javascript'),
      ...phoneRoutes({ tenant, requests }),
      ...controls,
    },
    (_req, res) => sendJson(res, 404, { error: 'not_found' }),
  );
  return createServer(withErrorHandling((req, res) => {
    const problem = originProblem(req);
    return problem ? sendJson(res, 403, { error: 'forbidden', message: problem }) : handler(req, res);
  }));
}

/**
 * Why a request is rejected, as one sentence; undefined for an accepted request. Rejects a host name that is not a
 * loopback name (DNS rebinding) and a change that another site's page sends (CSRF).
 */
function originProblem({ method, headers }) {
  const host = URL.parse(`http://${headers.host}`);
  if (!host || !LOOPBACK.has(host.hostname)) return 'The phone can be reached by a loopback host name only.';
  const { origin, 'sec-fetch-site': site = 'none' } = headers;
  const isOwnPage = (origin === undefined || origin === `http://${headers.host}`) && ['none', 'same-origin'].includes(site);
  return method === 'GET' || isOwnPage ? undefined : 'Only the phone page itself can send this request.';
}
