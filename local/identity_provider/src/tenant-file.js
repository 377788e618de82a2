import { parse } from 'yaml';
import { readParsed } from './files.js';
import { SettingError } from './settings.js';
import { Users } from './users.js';

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

/** What tenant.yaml (format of Auth0's Deploy CLI) and users.json declare, looked up the way the endpoints need it. */
export class Tenant {
  #apis;
  #grants;

  constructor(file, users, secrets, issuer) {
    this.issuer = issuer;
    this.userinfo = `${issuer}userinfo`;
    this.managementApi = `${issuer}api/v2/`;
    this.pushEnabled = (file.guardianFactors ?? []).some((f) => f.name === 'push-notification' && f.enabled);
    this.clients = (file.clients ?? []).map((client) => withSecret(client, secrets));
    this.#apis = new Map([...(file.resourceServers ?? []), managementApi(this.managementApi)].map((a) => [a.identifier, a]));
    this.#grants = (file.clientGrants ?? []).map((grant) => this.#named(grant));
    this.users = new Users(users, file.roles ?? [], file.databases?.[0]?.name ?? 'Username-Password-Authentication');
  }

  client(clientId) {
    return this.clients.find((client) => client.client_id === clientId);
  }

  api(identifier) {
    return this.#apis.get(identifier);
  }

  /** The client's grant for an API; subjectType is "client" (machine) or "user". */
  grant(clientId, audience, subjectType) {
    return this.#grants.find(
      (g) => g.client_id === clientId && g.audience === audience && (g.subject_type ?? 'client') === subjectType,
    );
  }

  /** The Deploy CLI writes a client's name where the Management API wants its id. */
  #named(grant) {
    const client = this.clients.find((c) => c.name === grant.client_id);
    if (!client) throw new SettingError(`TENANT_FILE: clientGrants names "${grant.client_id}", which is not a client`);
    return { ...grant, client_id: client.client_id };
  }
}

/** Reads the three files. Throws SettingError. */
export function loadTenant({ tenantFile, usersFile, secretsFile, issuer }) {
  const file = readParsed(tenantFile, 'TENANT_FILE', (text) => parse(text.replaceAll('##ISSUER##', issuer)));
  const users = readParsed(usersFile, 'TENANT_USERS', JSON.parse);
  const secrets = readParsed(secretsFile, 'TENANT_SECRETS', JSON.parse);
  return new Tenant(file, users, secrets, issuer);
}

/** A client proves itself by its secret, or (private_key_jwt) by a key whose public half is in `jwks`. */
function withSecret(client, secrets) {
  const { client_id, client_secret, jwks } = secrets[client.name] ?? {};
  if (client_id && jwks) return { ...client, client_id, jwks, token_endpoint_auth_method: 'private_key_jwt' };
  if (client_id && client_secret) return { ...client, client_id, client_secret };
  throw new SettingError(`TENANT_SECRETS has no client_id and client_secret for the client "${client.name}"`);
}

/** Every Auth0 tenant has this one; it is never in the file. */
function managementApi(identifier) {
  const scopes = [{ value: 'read:users', description: 'Read users' }];
  return { name: 'Auth0 Management API', identifier, token_dialect: 'access_token', token_lifetime: 86400, scopes };
}
