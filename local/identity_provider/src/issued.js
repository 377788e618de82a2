import { sendJson } from './http.js';

const KEPT = 10_000;
const SECRET = ['auth_req_id', 'access_token', 'id_token'];

/** Every secret the tenant has given out, for tests that look for them where they must not be. */
export class Issued {
  #secrets = [];

  note(body) {
    for (const name of SECRET) if (typeof body?.[name] === 'string') this.#secrets.push(body[name]);
    this.#secrets.splice(0, this.#secrets.length - KEPT);
  }

  get all() {
    return [...this.#secrets];
  }
}

/** A test handle. */
export function issuedRoutes({ issued }) {
  return { 'GET /api/issued': (_req, res) => sendJson(res, 200, issued.all) };
}
