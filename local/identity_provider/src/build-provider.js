import { randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';
import { auth0AccessToken } from './auth0-access-token.js';
import { auth0Responses } from './auth0-responses.js';
import { allTypes, richAuthorizationRequests } from './authorization-details.js';
import { OIDC_SCOPES, requestedAudience, resourceServerInfo } from './audience.js';
import { checkBindingMessage, checkRequestedExpiry, loginHintSubject, requestedExpirySeconds } from './ciba-request.js';
import { firstPartyGrant, logInUrl, logOutPage, problemPage } from './log-in.js';
import { MemoryAdapter } from './memory-adapter.js';

const ID_TOKEN_SECONDS = 36_000;
const LOG_IN_SECONDS = 3_600;
const SESSION_SECONDS = 259_200; // Auth0's inactivity timeout
const CONNECTION_CLAIM = 'https://staff0/connection'; // in Auth0 an Action sets it: docs/operations.md

/** Configures oidc-provider to behave as Auth0. `push` sends a CIBA request to the employee's phone. */
export function buildProvider({ tenant, keys, push, polls, behaviour, issued, intervalSeconds, now }) {
  const provider = new Provider(tenant.issuer, {
    adapter: () => new MemoryAdapter(now),
    jwks: keys,
    clients: tenant.clients.map((client) => clientMetadata(client, allTypes(tenant))),
    clientAuthMethods: ['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS256'] },
    findAccount: (_ctx, sub) => account(tenant, tenant.users.get(sub)),
    scopes: OIDC_SCOPES,
    claims: {
      openid: ['sub', CONNECTION_CLAIM],
      profile: ['name', 'given_name', 'family_name'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: false, // Auth0 puts the claims of a scope into the ID token too
    routes: {
      token: '/oauth/token',
      backchannel_authentication: '/bc-authorize',
      jwks: '/.well-known/jwks.json',
      authorization: '/authorize',
      end_session: '/oidc/logout',
    },
    interactions: { url: logInUrl },
    loadExistingGrant: firstPartyGrant(tenant),
    renderError: problemPage,
    cookies: { keys: [randomBytes(32).toString('hex')] },
    discovery: { userinfo_endpoint: tenant.userinfo },
    extraParams: ['audience', 'connection'],
    formats: { customizers: { jwt: auth0AccessToken(tenant, behaviour) } },
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: apiLifetime,
      ClientCredentials: apiLifetime,
      BackchannelAuthenticationRequest: requestedExpirySeconds,
      Grant: ID_TOKEN_SECONDS,
      Interaction: LOG_IN_SECONDS,
      Session: SESSION_SECONDS,
      IdToken: (_ctx, _token, client) => tenant.client(client.clientId).jwt_configuration?.lifetime_in_seconds ?? ID_TOKEN_SECONDS,
    },
    features: features(tenant, push),
  });
  provider.use(auth0Responses(polls, behaviour, issued, intervalSeconds));
  provider.on('server_error', (_ctx, error) => console.error(error));
  return provider;
}

function features(tenant, push) {
  return {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true, logoutSource: logOutPage },
    pushedAuthorizationRequests: { enabled: false },
    dPoP: { enabled: false },
    userinfo: { enabled: false }, // oidc-provider's endpoint accepts opaque tokens only; userinfo.js replaces it
    clientCredentials: { enabled: true },
    richAuthorizationRequests: richAuthorizationRequests(tenant),
    resourceIndicators: {
      enabled: true,
      defaultResource: requestedAudience(tenant),
      getResourceServerInfo: resourceServerInfo(tenant),
      useGrantedResource: () => true,
    },
    ciba: {
      enabled: true,
      processLoginHint: loginHintSubject(tenant.issuer),
      validateBindingMessage: checkBindingMessage,
      validateRequestContext: checkRequestedExpiry,
      verifyUserCode: () => {}, // Auth0 has no user codes
      triggerAuthenticationDevice: push,
    },
  };
}

const apiLifetime = (_ctx, token) => token.resourceServer.accessTokenTTL;

function clientMetadata(client, authorizationDetailsTypes) {
  return {
    client_id: client.client_id,
    ...(client.jwks ? { jwks: client.jwks } : {}),
    ...(client.client_secret ? { client_secret: client.client_secret } : {}),
    client_name: client.name,
    grant_types: client.grant_types,
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    backchannel_token_delivery_mode: 'poll',
    authorization_details_types: authorizationDetailsTypes,
    redirect_uris: client.callbacks ?? [],
    post_logout_redirect_uris: client.allowed_logout_urls ?? [],
    response_types: client.grant_types.includes('authorization_code') ? ['code'] : [],
  };
}

function account(tenant, user) {
  const connection = user?.connection ?? tenant.users.connection;
  return user && { accountId: user.sub, claims: () => ({ ...user, [CONNECTION_CLAIM]: connection }) };
}
