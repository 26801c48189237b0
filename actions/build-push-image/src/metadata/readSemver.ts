// Only this file of the package: its index loads ranges and all their operators.
import parse from 'semver/functions/parse.js';
import type { Version } from './Version.ts';

/** @returns `undefined` for what is not of https://semver.org */
export function readSemver(text: string): Version | undefined {
  const found = parse(text);
  if (found === null) return undefined;
  const { version, major, minor, patch } = found;
  return {
    released: found.prerelease.length === 0,
    values: { raw: text, version, major, minor, patch, prerelease: found.prerelease.join('.') },
  };
}
