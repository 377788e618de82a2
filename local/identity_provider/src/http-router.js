/** Sends a JSON response; without `body` the response has none. */
export function sendJson(res, status, body, headers = {}) {
  if (body === undefined) return res.writeHead(status, headers).end();
  return res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));
}

/** The URL of a request. An invalid request target counts as `/`. */
export function urlOf(req) {
  return URL.parse(`http://localhost${req.url}`) ?? new URL('http://localhost/');
}

/** Wraps the outermost handler: an exception closes this connection and does not end the process. */
export function withErrorHandling(handler) {
  return async (req, res) => {
    try {
      await handler(req, res);
    } catch (error) {
      console.error(error);
      res.destroy();
    }
  };
}

/** The request body as text; undefined when it is longer than `limit` characters. */
export async function readText(req, limit = 65_536) {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) {
    text += chunk;
    if (text.length > limit) return undefined;
  }
  return text;
}

/** The request body, parsed as JSON; undefined for invalid JSON. */
export async function readJson(req, limit) {
  return parseJson(await readText(req, limit));
}

/** The value; undefined for invalid JSON. */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A handler for routes such as {"GET /api/requests/:id": (req, res, {params, query}) => …}. It responds with 405 to a
 * wrong method. fallback(req, res) handles every other path.
 */
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

/** Percent-decodes a path segment. A segment with an invalid escape stays as it is. */
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
