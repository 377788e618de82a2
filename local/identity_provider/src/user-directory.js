import { randomBytes } from 'node:crypto';

/** The users, from a file in the format of Auth0's user import job. `sub` is "auth0|" + user_id. */
export class UserDirectory {
  #bySub;
  #roles;

  constructor(imported, roles, connection) {
    this.connection = connection;
    this.#roles = new Map(roles.map((role) => [role.name, role.permissions ?? []]));
    this.#bySub = new Map(imported.map((user) => [`auth0|${user.user_id}`, { ...user, sub: `auth0|${user.user_id}` }]));
  }

  /**
   * Adds a user with a new id. `profile` has the format of the import job, without user_id; `provider` and `connection`
   * name another connection than the database.
   */
  add({ provider = 'auth0', ...profile }) {
    const user_id = randomBytes(12).toString('hex');
    const user = { ...profile, provider, user_id, sub: `${provider}|${user_id}` };
    this.#bySub.set(user.sub, user);
    return user;
  }

  get(sub) {
    return this.#bySub.get(sub);
  }

  all() {
    return [...this.#bySub.values()];
  }

  /** Users with this email address. Upper and lower case differ, as in Auth0, whose own database stores lower case. */
  byEmail(email) {
    return [...this.#bySub.values()].filter((user) => user.email === email);
  }

  /**
   * The user's permissions for an API, by its roles. Auth0 keeps roles and enrolments outside the imported profile;
   * here both are in app_metadata.
   */
  permissions(user, audience) {
    return this.allPermissions(user)
      .filter((permission) => permission.resource_server_identifier === audience)
      .map((permission) => permission.permission_name);
  }

  /** The user's permissions for every API, as tenant.yaml has them. */
  allPermissions(user) {
    return (user.app_metadata?.roles ?? []).flatMap((role) => this.#roles.get(role) ?? []);
  }

  hasPush(user) {
    return user.app_metadata?.guardian_push === true;
  }
}
