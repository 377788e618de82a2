import { createServer } from 'node:http';
import { door, router } from './http.js';
import { managementRoutes, noSuchEndpoint } from './management.js';
import { userinfo } from './userinfo.js';

/** A maker of servers (one per address) for the tenant's port. */
export function tenantServers({ tenant, provider, faults, readBearer }) {
  const { host } = new URL(tenant.issuer);
  const oidc = provider.callback();
  const whoami = userinfo(tenant, readBearer);
  const handler = router(
    {
      ...managementRoutes(tenant, readBearer),
      'GET /userinfo': whoami,
      'POST /userinfo': whoami,
    },
    (req, res) => (req.url.startsWith('/api/v2/') ? noSuchEndpoint : oidc)(req, res),
  );
  return () => createServer(door(faults.around((req, res) => {
    // Containers reach the tenant under another name; what it says of itself must not follow the Host header.
    req.headers.host = host;
    return handler(req, res);
  })));
}
