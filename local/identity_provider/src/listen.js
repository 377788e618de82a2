import { once } from 'node:events';
import { SettingError } from './settings.js';

const REASONS = {
  EADDRINUSE: (port, variable) => `port ${port} is taken: set ${variable} to a free one`,
  EACCES: (port, variable) => `port ${port} is not allowed: set ${variable} to a port above 1023`,
  EADDRNOTAVAIL: (_port, _variable, host) => `TENANT_BIND: this machine has no address ${host}`,
};

/** Opens the port. Throws SettingError, which names the port and the environment variable that changes it. */
export async function listen(server, host, port, variable) {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = REASONS[error.code]?.(port, variable, host);
    throw reason ? new SettingError(reason) : error;
  }
}
