import { sendJson } from './http-router.js';

const KEPT = 10_000;
const SECRET_FIELDS = ['auth_req_id', 'access_token', 'id_token'];

/** The last 10,000 secrets in responses. Tests search logs and stored data for them. */
export class IssuedSecrets {
  #secrets = [];

  record(body) {
    for (const name of SECRET_FIELDS) if (typeof body?.[name] === 'string') this.#secrets.push(body[name]);
    this.#secrets.splice(0, this.#secrets.length - KEPT);
  }

  get all() {
    return [...this.#secrets];
  }
}

/** Route with which a test reads the secrets. */
export function issuedSecretsRoutes({ issued }) {
  return { 'GET /api/issued': (_req, res) => sendJson(res, 200, issued.all) };
}
