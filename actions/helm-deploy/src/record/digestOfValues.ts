import { canonicalDigest } from '../../../../shared/evidence/canonicalJson.ts';

/**
 * The digest of the values that were given, without the secrets in them: whoever reads a digest of a short
 * password could find it by trying.
 */
export function digestOfValues(values: unknown, secrets: ReadonlySet<string>): string {
  const known = [...secrets].filter((secret) => secret.trim() !== '');
  const hide = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, hide(part)]));
    }
    const text = String(value);
    return known.some((secret) => text.includes(secret)) ? '***' : value;
  };
  return canonicalDigest(hide(values));
}
