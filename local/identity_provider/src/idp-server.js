import { createServer } from 'node:http';
import { router, withErrorHandling } from './http-router.js';
import { logInRoutes } from './log-in.js';
import { managementRoutes, noSuchEndpoint } from './management-api.js';
import { userinfo } from './userinfo.js';

/** Returns a function that creates a server for the identity provider's port; each address needs its own server. */
export function idpServers({ tenant, provider, faults, readBearer }) {
  const { host } = new URL(tenant.issuer);
  const oidc = provider.callback();
  const whoami = userinfo(tenant, readBearer);
  const handler = router(
    {
      ...managementRoutes(tenant, readBearer),
      ...logInRoutes(tenant, provider),
      'GET /userinfo': whoami,
      'POST /userinfo': whoami,
    },
    (req, res) => (req.url.startsWith('/api/v2/') ? noSuchEndpoint : oidc)(req, res),
  );
  return () => createServer(withErrorHandling(faults.around((req, res) => {
    // Containers use another host name, and oidc-provider would build its URLs from the Host header.
    req.headers.host = host;
    return handler(req, res);
  })));
}
