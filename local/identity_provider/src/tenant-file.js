import { parse } from 'yaml';
import { readParsed } from './parsed-file.js';
import { SettingError } from './settings.js';
import { UserDirectory } from './user-directory.js';

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

/** The Auth0 tenant that tenant.yaml and tenant-options.yaml (the format of Auth0's Deploy CLI) and users.json describe. */
export class Tenant {
  #apis;
  #grants;

  constructor(file, users, secrets, issuer) {
    this.issuer = issuer;
    this.userinfo = `${issuer}userinfo`;
    this.managementApi = `${issuer}api/v2/`;
    this.pushEnabled = (file.guardianFactors ?? []).some((f) => f.name === 'push-notification' && f.enabled);
    this.clients = (file.clients ?? []).map((client) => withCredentials(client, secrets));
    this.#apis = new Map([...(file.resourceServers ?? []), managementApi(this.managementApi)].map((a) => [a.identifier, a]));
    this.#grants = (file.clientGrants ?? []).map((grant) => this.#withClientId(grant));
    this.users = new UserDirectory(users, file.roles ?? [], file.databases?.[0]?.name ?? 'Username-Password-Authentication');
  }

  client(clientId) {
    return this.clients.find((client) => client.client_id === clientId);
  }

  api(identifier) {
    return this.#apis.get(identifier);
  }

  get apis() {
    return [...this.#apis.values()];
  }

  /** The client's grant for an API; subjectType is "client" (machine) or "user". */
  grant(clientId, audience, subjectType) {
    return this.#grants.find(
      (g) => g.client_id === clientId && g.audience === audience && (g.subject_type ?? 'client') === subjectType,
    );
  }

  /** A grant with the client's id; the Deploy CLI writes the client's name there. */
  #withClientId(grant) {
    const client = this.clients.find((c) => c.name === grant.client_id);
    if (!client) throw new SettingError(`TENANT_FILE: clientGrants names "${grant.client_id}", which is not a client`);
    return { ...grant, client_id: client.client_id };
  }
}

/** Reads the four files. Throws SettingError. */
export function loadTenant({ tenantFile, optionsFile, usersFile, secretsFile, issuer, employeePageUrl }) {
  const keywords = (text) => text.replaceAll('##TENANT_URL##', issuer).replaceAll('##EMPLOYEE_PAGE_URL##', employeePageUrl);
  const file = {
    ...readParsed(optionsFile, 'TENANT_OPTIONS', parse),
    ...readParsed(tenantFile, 'TENANT_FILE', (text) => parse(keywords(text))),
  };
  const users = readParsed(usersFile, 'TENANT_USERS', JSON.parse);
  const secrets = readParsed(secretsFile, 'TENANT_SECRETS', JSON.parse);
  return new Tenant(file, users, secrets, issuer);
}

/**
 * A client authenticates with its secret or, with private_key_jwt, with a key; its public half is in `jwks`. A public
 * client has neither.
 */
function withCredentials(client, secrets) {
  const { client_id, client_secret, jwks } = secrets[client.name] ?? {};
  if (client_id && client.token_endpoint_auth_method === 'none') return { ...client, client_id };
  if (client_id && jwks) return { ...client, client_id, jwks, token_endpoint_auth_method: 'private_key_jwt' };
  if (client_id && client_secret) return { ...client, client_id, client_secret };
  throw new SettingError(`TENANT_SECRETS has no client_id and client_secret for the client "${client.name}"`);
}

/** Auth0's Management API, which every Auth0 tenant has. It is never in the file. No user gets a token for it. */
function managementApi(identifier) {
  return {
    name: 'Auth0 Management API',
    identifier,
    token_dialect: 'access_token',
    token_lifetime: 86400,
    subject_type_authorization: { client: { policy: 'require_client_grant' }, user: { policy: 'deny_all' } },
    scopes: [{ value: 'read:users', description: 'Read users' }],
  };
}
