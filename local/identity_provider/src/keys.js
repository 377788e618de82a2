import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { readParsed } from './files.js';

/** The tenant's private JWKS. Kept in a file, so that tokens and cached keys outlive a restart. Throws SettingError. */
export async function loadKeys(file) {
  if (!existsSync(file)) await makeKeys(file);
  return readParsed(file, 'TENANT_KEYS', JSON.parse);
}

async function makeKeys(file) {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'RS256' };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ keys: [key] }), { mode: 0o600 });
}
