import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { door, router, sendJson } from './http.js';
import { phoneRoutes } from './phone-api.js';

const PAGE = path.resolve(import.meta.dirname, '..', '..', 'phone', 'page');
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

/** The employees' phones: nobody signs in here, so only this machine may come, and only from its own page. */
export function phoneServer(parts) {
  const handler = router(
    {
      'GET /': file('index.html', 'text/html'),
      'GET /phone.css': file('phone.css', 'text/css'),
      'GET /phone.js': file('phone.js', 'text/javascript'),
      ...phoneRoutes(parts),
    },
    (_req, res) => sendJson(res, 404, { error: 'not_found' }),
  );
  return createServer(door((req, res) => {
    const problem = strangeOrigin(req);
    return problem ? sendJson(res, 403, { error: 'forbidden', message: problem }) : handler(req, res);
  }));
}

/** A name that only points to this machine (DNS rebinding) and another site's page (CSRF) are both turned away. */
function strangeOrigin({ method, headers }) {
  const host = URL.parse(`http://${headers.host}`);
  if (!host || !LOOPBACK.has(host.hostname)) return 'The phone answers to a loopback name only.';
  const { origin, 'sec-fetch-site': site = 'none' } = headers;
  const isOwnPage = (origin === undefined || origin === `http://${headers.host}`) && ['none', 'same-origin'].includes(site);
  return method === 'GET' || isOwnPage ? undefined : 'Only the phone page itself may do this.';
}
