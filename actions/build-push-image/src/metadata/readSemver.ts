import { parse, prerelease, valid } from 'semver';
import type { Version } from './Version.ts';

/** @returns `undefined` for what is not of https://semver.org */
export function readSemver(text: string): Version | undefined {
  if (valid(text) === null) return undefined;
  const found = parse(text);
  if (found === null) return undefined;
  const { version, major, minor, patch } = found;
  return {
    released: prerelease(text) === null,
    values: { raw: text, version, major, minor, patch, prerelease: found.prerelease.join('.') },
  };
}
