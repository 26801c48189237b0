import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { LabContext } from '../../Part.ts';

/** The key with which the lab's ACR signs its tokens; made once, kept in the cache. */
export async function signingKey(lab: Pick<LabContext, 'cacheDir'>): Promise<JWK> {
  const path = join(lab.cacheDir, 'acr-signing-key.json');
  if (!existsSync(path)) {
    writeFileSync(`${path}.new`, JSON.stringify(await newSigningKey()), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
  return JSON.parse(readFileSync(path, 'utf8')) as JWK;
}

/** Another key: what it signs is not taken. */
export async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}

/** What signatures are checked with. */
export function publicPart({ kty, n = '', e = '', kid = '' }: JWK): JWK {
  return { kty: kty ?? 'RSA', n, e, kid, alg: 'RS256', use: 'sig' };
}
