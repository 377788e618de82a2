// Bad days on demand: tests queue faults, the tenant's port plays them.
import { setTimeout as wait } from 'node:timers/promises';
import { sendJson, urlOf } from './http.js';

const FIELDS = {
  path: (value) => typeof value === 'string' && value.startsWith('/'),
  times: (value) => Number.isInteger(value) && value > 0,
  status: (value) => Number.isInteger(value) && value >= 200 && value <= 599,
  delay_ms: (value) => Number.isInteger(value) && value >= 0,
  drop: (value) => typeof value === 'boolean',
  headers: (value) => typeof value === 'object' && value !== null,
  body: () => true,
};

/** What is wrong with a fault, as one sentence; undefined when nothing is. */
export function faultProblem(fault) {
  if (typeof fault !== 'object' || fault === null || !fault.path) return 'a fault is a JSON object with a path';
  const wrong = Object.keys(fault).find((key) => !FIELDS[key]?.(fault[key]));
  return wrong && `${wrong} is unknown or has a wrong value`;
}

/**
 * A queue of {path, status?, body?, headers?, delay_ms?, drop?, times = 1}; the first fault of a path plays first.
 * With status: the request is not processed. With drop alone: it is processed and the answer is lost.
 */
export class Faults {
  #queue = [];

  add(fault) {
    this.#queue.push({ times: 1, ...fault });
  }

  clear() {
    this.#queue = [];
  }

  /** Wraps a request handler. */
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
