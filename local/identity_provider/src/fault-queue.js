// Faults on demand: tests queue them, and the identity provider applies them to its requests.
import { setTimeout as wait } from 'node:timers/promises';
import { sendJson, urlOf } from './http-router.js';

const FIELDS = {
  path: (value) => typeof value === 'string' && value.startsWith('/'),
  times: (value) => Number.isInteger(value) && value > 0,
  status: (value) => Number.isInteger(value) && value >= 200 && value <= 599,
  delay_ms: (value) => Number.isInteger(value) && value >= 0,
  drop: (value) => typeof value === 'boolean',
  headers: (value) => typeof value === 'object' && value !== null,
  body: () => true,
};

/** Why a fault is invalid, as one sentence; undefined for a valid fault. */
export function faultProblem(fault) {
  if (typeof fault !== 'object' || fault === null || !fault.path) return 'a fault must be a JSON object with a path';
  const wrong = Object.keys(fault).find((key) => !FIELDS[key]?.(fault[key]));
  return wrong && `${wrong} is unknown or has an invalid value`;
}

/**
 * Queue of {path, status?, body?, headers?, delay_ms?, drop?, times = 1}. For each path the oldest fault comes first.
 * With `status` the request is not processed. With `drop` alone it is processed and the response is lost.
 */
export class FaultQueue {
  #queue = [];

  add(fault) {
    this.#queue.push({ times: 1, ...fault });
  }

  clear() {
    this.#queue = [];
  }

  /** Wraps a request handler so that the next fault of the path applies to the request. */
  around(handler) {
    return async (req, res) => {
      const fault = this.#take(urlOf(req).pathname);
      if (!fault) return handler(req, res);
      await wait(fault.delay_ms ?? 0);
      if (fault.drop) res.end = () => res.destroy();
      if (fault.status === undefined) return handler(req, res);
      if (fault.drop) return res.end();
      return sendJson(res, fault.status, fault.body, fault.headers);
    };
  }

  #take(path) {
    const fault = this.#queue.find((queued) => queued.path === path);
    if (!fault) return undefined;
    fault.times -= 1;
    if (!fault.times) this.#queue = this.#queue.filter((queued) => queued !== fault);
    return fault;
  }
}
