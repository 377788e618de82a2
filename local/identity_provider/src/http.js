/** Answers with JSON; no body for 204. */
export function sendJson(res, status, body, headers = {}) {
  if (body === undefined) return res.writeHead(status, headers).end();
  return res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));
}

/** Where a request goes. An address that cannot be read is the root's, which answers it as any other. */
export function urlOf(req) {
  return URL.parse(`http://localhost${req.url}`) ?? new URL('http://localhost/');
}

/** The outermost door: a handler that breaks costs its own request, not the process. */
export function door(handler) {
  return async (req, res) => {
    try {
      await handler(req, res);
    } catch (error) {
      console.error(error);
      res.destroy();
    }
  };
}

/** A request body as text; undefined when it is longer than any honest one. */
export async function readText(req, limit = 65_536) {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) {
    text += chunk;
    if (text.length > limit) return undefined;
  }
  return text;
}

/** A request body as JSON; undefined when it is none. */
export async function readJson(req, limit) {
  try {
    return JSON.parse(await readText(req, limit));
  } catch {
    return undefined;
  }
}

/** routes: {"GET /api/requests/:id": (req, res, {params, query}) => …}. Anything else goes to fallback(req, res). */
export function router(routes, fallback) {
  const table = Object.entries(routes).map(([route, handler]) => {
    const [method, pathname] = route.split(' ');
    return { method, pattern: new URLPattern({ pathname }), handler };
  });
  return async (req, res) => {
    const url = urlOf(req);
    const matches = table.filter(({ pattern }) => pattern.test(url));
    const match = matches.find(({ method }) => method === req.method);
    if (match) return match.handler(req, res, { params: paramsOf(match.pattern, url), query: url.searchParams });
    if (matches.length) return sendJson(res, 405, { error: 'method_not_allowed' }, { allow: matches.map((m) => m.method).join() });
    return fallback(req, res);
  };
}

function paramsOf(pattern, url) {
  const groups = pattern.exec(url).pathname.groups;
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decoded(value)]));
}

/** A path segment with a broken escape names nothing, so it stays as it came. */
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
