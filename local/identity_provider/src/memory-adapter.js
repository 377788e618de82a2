const KEPT_PAST_EXPIRY_SECONDS = 3600;

/**
 * oidc-provider's adapter for one model, in memory. It keeps rows for an hour after they expire, unlike oidc-provider's
 * own adapter: an expired auth_req_id must give expired_token, and an unknown one invalid_grant.
 */
export class MemoryAdapter {
  #rows = new Map();
  #now;

  /** `now` returns the time in milliseconds. */
  constructor(now) {
    this.#now = now;
  }

  async upsert(id, payload) {
    this.#forgetOld();
    this.#rows.set(id, payload);
  }

  async find(id) {
    return this.#rows.get(id);
  }

  async findByUid(uid) {
    return this.#rows.values().find((row) => row.uid === uid);
  }

  async consume(id) {
    this.#rows.get(id).consumed = Math.floor(this.#now() / 1000);
  }

  async destroy(id) {
    this.#rows.delete(id);
  }

  async revokeByGrantId(grantId) {
    this.#forget((row) => row.grantId === grantId);
  }

  #forgetOld() {
    const oldest = this.#now() / 1000 - KEPT_PAST_EXPIRY_SECONDS;
    this.#forget((row) => row.exp < oldest);
  }

  #forget(matches) {
    for (const [id, row] of this.#rows) if (matches(row)) this.#rows.delete(id);
  }
}
