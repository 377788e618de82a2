import { phoneServer } from '../phone/phone-server.mjs';
import { ApprovalRequests } from './src/approval-requests.js';
import { BehaviourProfile } from './src/behaviour-profile.js';
import { bearerReader } from './src/bearer-token.js';
import { buildProvider } from './src/build-provider.js';
import { FaultQueue } from './src/fault-queue.js';
import { pushToPhone } from './src/guardian-push.js';
import { idpServers } from './src/idp-server.js';
import { IssuedSecrets } from './src/issued-secrets.js';
import { listen } from './src/listen.js';
import { PollRules } from './src/poll-rules.js';
import { readSettings, SettingError } from './src/settings.js';
import { loadKeys } from './src/signing-keys.js';
import { loadTenant } from './src/tenant-file.js';
import { testControlRoutes } from './src/test-controls.js';

const LOOPBACK = '127.0.0.1';
const now = Date.now;

async function start() {
  const settings = readSettings(process.env);
  const tenant = loadTenant(settings);
  const keys = await loadKeys(settings.keysFile);
  const requests = new ApprovalRequests(now);
  const behaviour = new BehaviourProfile(settings);
  const issued = new IssuedSecrets();
  const polls = new PollRules({ ...settings, requests, behaviour, now });
  const faults = new FaultQueue();
  const push = pushToPhone({ ...settings, tenant, requests, behaviour, now });
  const provider = buildProvider({ ...settings, tenant, keys, push, polls, behaviour, issued, now });
  const idpServer = idpServers({ tenant, provider, faults, readBearer: bearerReader(tenant, keys) });
  await listen(idpServer(), LOOPBACK, settings.port, 'TENANT_PORT');
  if (settings.bind) await listen(idpServer(), settings.bind, settings.port, 'TENANT_PORT');
  // The phone's port opens last, so that its answer means that all ports are open.
  const controls = testControlRoutes({ tenant, polls, faults, behaviour, issued });
  await listen(phoneServer({ tenant, requests, controls }), LOOPBACK, settings.phonePort, 'PHONE_PORT');
  console.log(`identity provider ready: ${tenant.issuer} phone: http://${LOOPBACK}:${settings.phonePort}`);
}

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));

try {
  await start();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(`identity provider: ${error.message}`);
  process.exit(2);
}
