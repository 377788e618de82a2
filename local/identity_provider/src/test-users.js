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

  /** Two connections may have a user with the same address; one connection may not. */
  function isInUse({ email, connection }) {
    return tenant.users.byEmail(email).some((user) => user.connection === connection);
  }

  function isPerson(person) {
    return typeof person?.name === 'string' && EMAIL.test(person.email) && !isInUse(person);
  }
}

/** The user in the format of the user import job. By default the user is verified, enrolled and not blocked. */
function profile({ name, email, email_verified = true, blocked = false, enrolled = true, roles = ['Staff0 Employee'], ...rest }) {
  const { action_denies, provider, connection } = rest;
  const [given_name, ...family] = name.split(' ');
  const app_metadata = { roles, guardian_push: enrolled, ...(action_denies ? { action_denies } : {}) };
  return { name, given_name, family_name: family.join(' '), email, email_verified, blocked, app_metadata, provider, connection };
}

function summary({ sub, name, email }) {
  return { sub, name, email };
}
