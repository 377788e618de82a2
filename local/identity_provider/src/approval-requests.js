import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';

const KEPT_PAST_EXPIRY_MS = 3_600_000;

/**
 * The approval requests on the employees' phones. Emits "change" after a request is added or answered.
 * The phone uses a separate id for a request, because only the client may know the auth_req_id.
 */
export class ApprovalRequests extends EventEmitter {
  #byId = new Map();
  #now;

  constructor(now) {
    super();
    this.#now = now;
    this.setMaxListeners(0);
  }

  /**
   * request: {authReqId, user, clientName, audience, scopes, behaviour, bindingMessage, authorizationDetails, expiresAt (ms),
   * settle({approved, authorizationDetails})}. The details are null for a request without them.
   */
  add(request) {
    this.#forgetOld();
    const id = randomUUID();
    this.#byId.set(id, { ...request, id, state: 'pending', createdAt: this.#now() });
    this.emit('change');
  }

  /** Requests that have not expired, newest first, with the answered ones. */
  live() {
    return [...this.#byId.values()].filter((request) => request.expiresAt > this.#now()).reverse();
  }

  get(id) {
    const request = this.#byId.get(id);
    return request && request.expiresAt > this.#now() ? request : undefined;
  }

  byAuthReqId(authReqId) {
    return [...this.#byId.values()].find((request) => request.authReqId === authReqId);
  }

  /** Number of requests to this user's phone since a time in milliseconds. */
  countSince(sub, since) {
    return [...this.#byId.values()].filter((request) => request.user.sub === sub && request.createdAt > since).length;
  }

  /** An approval may be for other details than those of the request, if the user left some out. */
  async answer(request, approved, authorizationDetails = request.authorizationDetails) {
    request.state = approved ? 'approved' : 'denied';
    await request.settle({ approved, authorizationDetails });
    this.emit('change');
  }

  #forgetOld() {
    const oldest = this.#now() - KEPT_PAST_EXPIRY_MS;
    for (const [id, request] of this.#byId) if (request.expiresAt < oldest) this.#byId.delete(id);
  }
}
