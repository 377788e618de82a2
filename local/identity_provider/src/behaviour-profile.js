import { readJson, sendJson } from './http-router.js';

// Details that Auth0's documentation leaves open, or that its device flow and its other token profile do differently.
const CHOICES = {
  expiry_as: ['expired_token', 'access_denied'],
  poll_status: [400, 403],
  names_waits: [true, false], // whether slow_down has `interval` and Retry-After, and a new request has `interval`
  user_token_dialect: [null, 'access_token_authz', 'rfc9068_profile_authz'], // null: the dialect in tenant.yaml
  machine_token_dialect: [null, 'rfc9068_profile'],
  agent_identities: [false, true], // whether clients are linked to agents, and the APIs have agent_subject_claims
  audience_as_list: [true, false],
  details_in_token: ['all', 'shown', 'none'], // which properties of the authorization details an approval brings back
  partial_approval: [false, true], // whether a user may leave out some of the authorization details; Auth0: all or nothing
};

/** The chosen value of each detail. Tests change it while the identity provider runs. */
export class BehaviourProfile {
  constructor({ expiryAs, pollStatus }) {
    this.original = { ...Object.fromEntries(Object.keys(CHOICES).map((name) => [name, CHOICES[name][0]])), expiry_as: expiryAs, poll_status: pollStatus };
    this.reset();
  }

  reset() {
    Object.assign(this, this.original);
  }

  /** Why a change is invalid, as one sentence; undefined for a valid change. */
  problemOf(change) {
    if (typeof change !== 'object' || change === null) return 'the profile must be a JSON object';
    const wrong = Object.keys(change).find((name) => !CHOICES[name]?.includes(change[name]));
    return wrong && `${wrong} is unknown or has an invalid value`;
  }
}

/** Routes with which a test changes the profile and resets it. */
export function behaviourProfileRoutes({ behaviour }) {
  return {
    'PUT /api/face': async (req, res) => {
      const change = await readJson(req);
      const problem = behaviour.problemOf(change);
      if (problem) return sendJson(res, 400, { error: 'invalid_face', message: problem });
      Object.assign(behaviour, change);
      return sendJson(res, 204);
    },
    'DELETE /api/face': (_req, res) => {
      behaviour.reset();
      sendJson(res, 204);
    },
  };
}
