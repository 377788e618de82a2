import { errors } from 'oidc-provider';

const MAX_BYTES = 5_000;
const MAX_PROPERTIES = 10;
const MAX_LENGTH = 255;
const GUARDIAN_SCHEMA = 'urn:auth0:schemas:authorization-details:v1:';

/**
 * oidc-provider's feature for Rich Authorization Requests (RFC 9396), with Auth0's rules: an API registers the types
 * that it accepts (`authorization_details` of the resource server), and where its policy for users is
 * require_client_grant, the client's grant has to name the type as well. Auth0 checks no more of the content than its
 * limits; the API does.
 */
export function richAuthorizationRequests(tenant) {
  const validate = (ctx, detail, client) => {
    requireAllowed(tenant, ctx.oidc.body.audience, client, detail.type);
    requireWithinLimits(ctx.oidc.params.authorization_details, detail);
  };
  return {
    enabled: true,
    types: Object.fromEntries(allTypes(tenant).map((type) => [type, { validate }])),
    authorizationDetailsForGrantSource: () => undefined, // only the user's answer decides: see guardian-push.js
    authorizationDetailsForAccessToken: (_ctx, _token, source) => source?.rar,
    authorizationDetailsForIntrospection: () => undefined,
  };
}

/** The types of all APIs. oidc-provider has one list for a client, which is not by API, so each client has all of them. */
export const allTypes = (tenant) => [...new Set(tenant.apis.flatMap(registeredTypes))];

const registeredTypes = (api) => (api.authorization_details ?? []).map(({ type }) => type);

function requireAllowed(tenant, audience, client, type) {
  const api = tenant.api(audience);
  const isRegistered = api && registeredTypes(api).includes(type);
  const needsGrant = api?.subject_type_authorization?.user?.policy === 'require_client_grant';
  const granted = tenant.grant(client.clientId, audience, 'user')?.authorization_details_types ?? [];
  if (!isRegistered || (needsGrant && !granted.includes(type))) {
    throw new errors.InvalidAuthorizationDetails(`authorization_details type "${type}" is not allowed`);
  }
}

/** The limits that Auth0 documents. Guardian shows one object of Auth0's own schema, and no second one. */
function requireWithinLimits(parameter, detail) {
  const isForGuardian = detail.type.startsWith(GUARDIAN_SCHEMA);
  const properties = isForGuardian ? Object.values(detail.properties ?? {}) : Object.values(detail);
  const isLong = (value) => typeof value === 'string' && value.length > MAX_LENGTH;
  if (
    Buffer.byteLength(parameter) > MAX_BYTES
    || properties.length > MAX_PROPERTIES
    || properties.some((property) => isLong(property) || isLong(property?.value))
    || (isForGuardian && JSON.parse(parameter).length !== 1)
  ) {
    throw new errors.InvalidAuthorizationDetails('authorization_details exceed a limit');
  }
}

/** The details that a user agrees to who leaves out some of the shown properties. */
export const withoutProperties = (details, names) => withProperties(details, (name) => !names.includes(name));

/** The details of an approval's token. `kept` is `details_in_token` of the behaviour profile. */
export function detailsInToken(details, kept) {
  if (!details || kept === 'none') return undefined;
  return kept === 'shown' ? withProperties(details, (_name, { display }) => display) : details;
}

function withProperties(details, isKept) {
  return details.map((detail) => ({
    ...detail,
    properties: Object.fromEntries(Object.entries(detail.properties).filter(([name, property]) => isKept(name, property))),
  }));
}
