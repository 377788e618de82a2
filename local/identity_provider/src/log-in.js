import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OIDC_SCOPES } from './audience.js';
import { readText } from './http-router.js';

/** The log-in in a browser, in place of Auth0's Universal Login: a page on which to choose an employee, without a password. */

const STYLE = readFileSync(path.join(import.meta.dirname, '..', 'page', 'log-in.css'));
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** oidc-provider's interactions.url: where a browser logs in. */
export function logInUrl(_ctx, interaction) {
  return `/log-in/${interaction.uid}`;
}

/** Routes of the log-in: the page, its answer, and the style sheet of all pages. */
export function logInRoutes(tenant, provider) {
  return {
    'GET /log-in/:uid': async (req, res) => {
      const interaction = await provider.interactionDetails(req, res).catch(() => null);
      if (!interaction) return sendPage(res, 400, page('Log in', '<p>This log-in has expired. Begin again.</p>'));
      const client = tenant.client(interaction.params.client_id);
      return sendPage(res, 200, page('Log in', choiceOf(tenant.users.all(), client.name, interaction.uid)));
    },
    'POST /log-in/:uid': async (req, res) => {
      if (!isOwnPage(req)) return sendPage(res, 403, page('Log in', '<p>Only the log-in page itself can send this form.</p>'));
      const sub = new URLSearchParams(await readText(req)).get('sub');
      const user = tenant.users.get(sub);
      const denied = { error: 'access_denied', error_description: user ? 'user is blocked' : 'Wrong email or password.' };
      const result = user && !user.blocked ? { login: { accountId: sub } } : denied;
      return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
    },
    'GET /log-in.css': (_req, res) => res.writeHead(200, { 'content-type': 'text/css; charset=utf-8' }).end(STYLE),
  };
}

/** oidc-provider's loadExistingGrant. Auth0 asks no consent for an application of the tenant's own. */
export function firstPartyGrant(tenant) {
  return async (ctx) => {
    const { provider, session, client } = ctx.oidc;
    const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
    grant.addOIDCScope(OIDC_SCOPES.join(' '));
    grant.addResourceScope(tenant.userinfo, OIDC_SCOPES.join(' '));
    await grant.save();
    return grant;
  };
}

/** oidc-provider's logoutSource. Auth0 asks too, unless the request has an id_token_hint or a logout_hint. */
export function logOutPage(ctx, form) {
  const button = '<button type="submit" form="op.logoutForm" name="logout" value="yes">Log out</button>';
  render(ctx, page('Log out', `<p>Do you want to log out of the stand-in identity provider?</p>${form}${button}`));
}

/** oidc-provider's renderError, for a request that must not lead back to an application. */
export function problemPage(ctx, { error, error_description: description }) {
  render(ctx, page('Error', `<p><strong>${escaped(error)}</strong> ${escaped(description ?? '')}</p>`));
}

function choiceOf(users, clientName, uid) {
  const buttons = users.map((user) => `<li><button type="submit" name="sub" value="${escaped(user.sub)}">
    <strong>${escaped(user.name)}</strong> ${escaped(user.email)}${user.blocked ? ' (blocked)' : ''}</button></li>`);
  return `<p>Who wants to log in to ${escaped(clientName)}?</p>
    <form method="post" action="/log-in/${escaped(uid)}"><ul>${buttons.join('')}</ul></form>`;
}

function page(title, content) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
    <meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} - stand-in identity provider</title>
    <link rel="stylesheet" href="/log-in.css"></head><body><main><h1>${title}</h1>
    <p class="label">Stand-in identity provider. It is in place of Auth0's log-in page on this machine, and asks for no password.</p>
    ${content}</main></body></html>`;
}

function sendPage(res, status, html) {
  return res.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...HEADERS }).end(html);
}

function render(ctx, html) {
  ctx.type = 'html';
  ctx.set(HEADERS);
  ctx.body = html;
}

/** Whether a form is from a page of this identity provider: another site's page must not log a browser in. */
function isOwnPage({ headers: { host, origin, 'sec-fetch-site': site = 'same-origin' } }) {
  return (origin === undefined || origin === `http://${host}`) && site === 'same-origin';
}
