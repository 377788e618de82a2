import { readJson, sendJson } from './http.js';

// What Auth0 leaves open, or words otherwise in its device flow and its other token profile.
const CHOICES = {
  expiry_as: ['expired_token', 'access_denied'],
  poll_status: [400, 403],
  names_waits: [true, false], // interval and Retry-After with slow_down, interval with a new request
  user_token_dialect: [null, 'rfc9068_profile_authz'], // null: as tenant.yaml has it
  audience_as_list: [true, false],
};

/** The tenant's face: read by whoever answers, changed while it runs. */
export class Face {
  constructor({ expiryAs, pollStatus }) {
    this.original = { ...Object.fromEntries(Object.keys(CHOICES).map((name) => [name, CHOICES[name][0]])), expiry_as: expiryAs, poll_status: pollStatus };
    this.reset();
  }

  reset() {
    Object.assign(this, this.original);
  }

  /** What is wrong with a change, as one sentence; undefined when nothing is. */
  problemOf(change) {
    if (typeof change !== 'object' || change === null) return 'a face is a JSON object';
    const wrong = Object.keys(change).find((name) => !CHOICES[name]?.includes(change[name]));
    return wrong && `${wrong} is unknown or has a wrong value`;
  }
}

/** A test handle. */
export function faceRoutes({ face }) {
  return {
    'PUT /api/face': async (req, res) => {
      const change = await readJson(req);
      const problem = face.problemOf(change);
      if (problem) return sendJson(res, 400, { error: 'invalid_face', message: problem });
      Object.assign(face, change);
      return sendJson(res, 204);
    },
    'DELETE /api/face': (_req, res) => {
      face.reset();
      sendJson(res, 204);
    },
  };
}
