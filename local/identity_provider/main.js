import { bearerReader } from './src/bearer.js';
import { Face } from './src/behaviour-profile.js';
import { Faults } from './src/faults.js';
import { Issued } from './src/issued.js';
import { loadKeys } from './src/keys.js';
import { listen } from './src/listen.js';
import { phoneServer } from './src/phone-server.js';
import { PollRules } from './src/poll.js';
import { buildProvider } from './src/provider.js';
import { pushToPhone } from './src/push.js';
import { ApprovalRequests } from './src/requests.js';
import { readSettings, SettingError } from './src/settings.js';
import { loadTenant } from './src/tenant-file.js';
import { tenantServers } from './src/idp-server.js';

const LOOPBACK = '127.0.0.1';
const now = Date.now;

async function start() {
  const settings = readSettings(process.env);
  const tenant = loadTenant(settings);
  const keys = await loadKeys(settings.keysFile);
  const requests = new ApprovalRequests(now);
  const face = new Face(settings);
  const issued = new Issued();
  const polls = new PollRules({ ...settings, requests, face, now });
  const faults = new Faults();
  const push = pushToPhone({ ...settings, tenant, requests, now });
  const provider = buildProvider({ ...settings, tenant, keys, push, polls, face, issued, now });
  const tenantServer = tenantServers({ tenant, provider, faults, readBearer: bearerReader(tenant, keys) });
  await listen(tenantServer(), LOOPBACK, settings.port, 'TENANT_PORT');
  if (settings.bind) await listen(tenantServer(), settings.bind, settings.port, 'TENANT_PORT');
  // The phone opens last: when it answers, everything does.
  await listen(phoneServer({ tenant, requests, polls, faults, face, issued }), LOOPBACK, settings.phonePort, 'PHONE_PORT');
  console.log(`tenant ready: ${tenant.issuer} phone: http://${LOOPBACK}:${settings.phonePort}`);
}

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));

try {
  await start();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(`tenant: ${error.message}`);
  process.exit(2);
}
