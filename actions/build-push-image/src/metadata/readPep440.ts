import { clean, explain, major, minor, patch } from '@renovatebot/pep440';
import type { Version } from './Version.ts';

/** @returns `undefined` for what is not of https://peps.python.org/pep-0440 */
export function readPep440(text: string): Version | undefined {
  const found = explain(text);
  const version = clean(text);
  if (found === null || version === null) return undefined;
  return {
    released: !(found.is_prerelease || found.is_postrelease || found.is_devrelease),
    values: { raw: text, version, major: major(text), minor: minor(text), patch: patch(text) },
  };
}
