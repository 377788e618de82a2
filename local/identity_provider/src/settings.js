import path from 'node:path';

/** A setting that is missing or invalid. The message names the environment variable. */
export class SettingError extends Error {}

const HERE = path.resolve(import.meta.dirname, '..');

function wholeNumber(env, name, fallback, { min = 1, max = 65535 } = {}) {
  const value = Number(env[name] || fallback);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new SettingError(`${name} must be a whole number from ${min} to ${max}, not "${env[name]}"`);
}

function oneOf(env, name, choices) {
  const value = env[name] || choices[0];
  if (choices.includes(value)) return value;
  throw new SettingError(`${name} must be ${choices.join(' or ')}, not "${value}"`);
}

function required(env, name, meaning) {
  if (env[name]) return env[name];
  throw new SettingError(`${name} is not set: ${meaning}`);
}

function issuerOf(env, port) {
  const issuer = env.TENANT_ISSUER || `http://127.0.0.1:${port}/`;
  const url = URL.parse(issuer);
  // Auth0's issuer is an origin with a slash at the end, and clients compare it as a string.
  if (url?.protocol === 'http:' && url.href === issuer && url.pathname === '/') return issuer;
  throw new SettingError(`TENANT_ISSUER must look like http://127.0.0.1:10052/, with the slash at the end, not "${issuer}"`);
}

function originOf(env, name, fallback) {
  const origin = env[name] || fallback;
  if (URL.parse(origin)?.origin === origin) return origin;
  throw new SettingError(`${name} must look like http://127.0.0.1:10055, without a slash at the end, not "${origin}"`);
}

/** Reads every setting from the environment. Throws SettingError. */
export function readSettings(env) {
  const port = wholeNumber(env, 'TENANT_PORT', 10052);
  const tenantFile = env.TENANT_FILE || path.join(HERE, 'tenant.yaml');
  return Object.freeze({
    port,
    phonePort: wholeNumber(env, 'PHONE_PORT', 10053),
    bind: env.TENANT_BIND || null,
    issuer: issuerOf(env, port),
    employeePageUrl: originOf(env, 'TENANT_EMPLOYEE_PAGE_URL', 'http://127.0.0.1:10055'),
    tenantFile,
    optionsFile: env.TENANT_OPTIONS || path.join(HERE, 'tenant-options.yaml'),
    usersFile: env.TENANT_USERS || path.join(path.dirname(tenantFile), 'users.json'),
    secretsFile: required(env, 'TENANT_SECRETS', "the JSON file with each client's client_id and client_secret"),
    keysFile: required(env, 'TENANT_KEYS', 'the file that keeps the signing key; it is created when it does not exist'),
    expiryAs: oneOf(env, 'TENANT_EXPIRY_AS', ['expired_token', 'access_denied']),
    pollStatus: Number(oneOf(env, 'TENANT_POLL_STATUS', ['400', '403'])),
    pushesPerMinute: wholeNumber(env, 'TENANT_PUSHES_PER_MINUTE', 5, { max: 100_000 }),
    intervalSeconds: wholeNumber(env, 'TENANT_INTERVAL', 5, { max: 60 }),
  });
}
