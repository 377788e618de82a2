import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { readParsed } from './parsed-file.js';

/**
 * Reads the private JWKS that signs tokens, and creates the file when it does not exist. The file keeps tokens and
 * cached public keys valid after a restart. Throws SettingError.
 */
export async function loadKeys(file) {
  if (!existsSync(file)) await createKeys(file);
  return readParsed(file, 'TENANT_KEYS', JSON.parse);
}

async function createKeys(file) {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'RS256' };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ keys: [key] }), { mode: 0o600 });
}
