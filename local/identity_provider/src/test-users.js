import { readJson, sendJson } from './http-router.js';

const EMAIL = /^[^\s@]+@[^\s@]+$/;

/**
 * Route with which a test adds users while the identity provider runs. The body is one {name, email, …} or a list of
 * them. The response is a list of {sub, name, email}.
 */
export function testUserRoutes({ tenant }) {
  return {
    'POST /api/employees': async (req, res) => {
      const asked = await readJson(req, 1_000_000);
      const people = Array.isArray(asked) ? asked : [asked];
      if (!people.every(isPerson)) {
        return sendJson(res, 400, { error: 'invalid_employee', message: 'an employee needs a name and an email address that is not in use' });
      }
      return sendJson(res, 201, people.map((person) => summary(tenant.users.add(profile(person)))));
    },
  };

  function isPerson(person) {
    return typeof person?.name === 'string' && EMAIL.test(person.email) && !tenant.users.byEmail(person.email).length;
  }
}

/** The user in the format of the user import job. By default the user is verified, enrolled and not blocked. */
function profile({ name, email, email_verified = true, blocked = false, enrolled = true, roles = ['Employee'], action_denies }) {
  const [given_name, ...rest] = name.split(' ');
  const app_metadata = { roles, guardian_push: enrolled, ...(action_denies ? { action_denies } : {}) };
  return { name, given_name, family_name: rest.join(' '), email, email_verified, blocked, app_metadata };
}

function summary({ sub, name, email }) {
  return { sub, name, email };
}
