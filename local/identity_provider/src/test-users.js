import { readJson, sendJson } from './http.js';

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** A test handle: people join the tenant while it runs. Body: one {name, email, …} or a list; answers with their subs. */
export function hiringRoutes({ tenant }) {
  return {
    'POST /api/employees': async (req, res) => {
      const asked = await readJson(req, 1_000_000);
      const people = Array.isArray(asked) ? asked : [asked];
      if (!people.every(isPerson)) {
        return sendJson(res, 400, { error: 'invalid_employee', message: 'an employee has a name and an address nobody has' });
      }
      return sendJson(res, 201, people.map((person) => summary(tenant.users.add(profile(person)))));
    },
  };

  function isPerson(person) {
    return typeof person?.name === 'string' && ADDRESS.test(person.email) && !tenant.users.byEmail(person.email).length;
  }
}

/** As the user import job writes it; whoever is not said to be otherwise can be asked. */
function profile({ name, email, email_verified = true, blocked = false, enrolled = true, roles = ['Employee'] }) {
  const [given_name, ...rest] = name.split(' ');
  const app_metadata = { roles, guardian_push: enrolled };
  return { name, given_name, family_name: rest.join(' '), email, email_verified, blocked, app_metadata };
}

function summary({ sub, name, email }) {
  return { sub, name, email };
}
