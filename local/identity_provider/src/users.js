import { randomBytes } from 'node:crypto';

/** The tenant's users, from a file in the format of Auth0's user import job. `sub` is "auth0|" + user_id. */
export class Users {
  #bySub;
  #roles;

  constructor(imported, roles, connection) {
    this.connection = connection;
    this.#roles = new Map(roles.map((role) => [role.name, role.permissions ?? []]));
    this.#bySub = new Map(imported.map((user) => [`auth0|${user.user_id}`, { ...user, sub: `auth0|${user.user_id}` }]));
  }

  /** A user like the imported ones, under a new id. */
  add(profile) {
    const user_id = randomBytes(12).toString('hex');
    const user = { ...profile, user_id, sub: `auth0|${user_id}` };
    this.#bySub.set(user.sub, user);
    return user;
  }

  get(sub) {
    return this.#bySub.get(sub);
  }

  /** Exact case, as Auth0 compares; Auth0's own database stores lower case. */
  byEmail(email) {
    return [...this.#bySub.values()].filter((user) => user.email === email);
  }

  /** Auth0 keeps role assignments and enrolments apart from the imported profile; here app_metadata stands for both. */
  permissions(user, audience) {
    return (user.app_metadata?.roles ?? [])
      .flatMap((role) => this.#roles.get(role) ?? [])
      .filter((permission) => permission.resource_server_identifier === audience)
      .map((permission) => permission.permission_name);
  }

  hasPush(user) {
    return user.app_metadata?.guardian_push === true;
  }
}
