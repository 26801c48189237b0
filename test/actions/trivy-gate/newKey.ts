import { generateKeyPairSync } from 'node:crypto';

/** A key that signs, as somebody would keep it in a secret. */
export function newKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'sec1' })
    .toString();
}
