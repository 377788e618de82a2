import { behaviourProfileRoutes } from './behaviour-profile.js';
import { readJson, sendJson } from './http-router.js';
import { faultProblem } from './fault-queue.js';
import { issuedSecretsRoutes } from './issued-secrets.js';
import { testUserRoutes } from './test-users.js';

/** Routes for router() with which tests control the identity provider and read what it recorded. */
export function testControlRoutes({ tenant, polls, faults, behaviour, issued }) {
  return {
    ...testUserRoutes({ tenant }),
    ...behaviourProfileRoutes({ behaviour }),
    ...issuedSecretsRoutes({ issued }),
    'GET /api/polls': (_req, res) => sendJson(res, 200, polls.log),
    'POST /api/faults': (req, res) => addFault(req, res, faults),
    'DELETE /api/faults': (_req, res) => {
      faults.clear();
      sendJson(res, 204);
    },
  };
}

async function addFault(req, res, faults) {
  const fault = await readJson(req);
  const problem = faultProblem(fault);
  if (problem) return sendJson(res, 400, { error: 'invalid_fault', message: problem });
  faults.add(fault);
  return sendJson(res, 204);
}
