// Verifies the signatures of cards as received (A2A 8.4.3), by RFC 8785 and JWS alone, and by the JavaScript SDK.
// stdin: {cards: [JSON text, ...], jwks}; stdout: for each card the positions of the signatures that verify.
import { verifyAgentCardSignature } from 'a2a-1';
import canonicalize from 'canonicalize';
import { base64url, createLocalJWKSet, flattenedVerify, importJWK } from 'jose';
import { json } from 'node:stream/consumers';

const { cards, jwks } = await json(process.stdin);
const keySet = createLocalJWKSet(jwks);
console.debug = () => {}; // the SDK writes about each signature that does not verify

const isDefault = (value) =>
  !value || (typeof value === 'object' && Object.keys(value).length === 0);

function withoutDefaults(value) {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([name, member]) => [name, withoutDefaults(member)]);
  return Object.fromEntries(members.filter(([, member]) => !isDefault(member)));
}

async function verified(text, reading) {
  const { signatures, ...card } = JSON.parse(text);
  const payload = base64url.encode(canonicalize(reading(card)));
  const results = signatures.map((signature) =>
    flattenedVerify({ ...signature, payload }, keySet, { algorithms: ['ES256'] }).then(() => true, () => false),
  );
  return (await Promise.all(results)).flatMap((valid, position) => (valid ? [position] : []));
}

async function verifiedBySdk(text) {
  const key = (kid) => importJWK(jwks.keys.find((each) => each.kid === kid), 'ES256');
  const { signatures, ...card } = JSON.parse(text);
  const results = signatures.map((signature) =>
    verifyAgentCardSignature(key)({ ...card, signatures: [signature] }).then(() => true, () => false),
  );
  return (await Promise.all(results)).flatMap((valid, position) => (valid ? [position] : []));
}

const reports = cards.map(async (text) => ({
  asReceived: await verified(text, (card) => card),
  withoutDefaults: await verified(text, withoutDefaults),
  sdk: await verifiedBySdk(text),
}));
console.log(JSON.stringify(await Promise.all(reports)));
