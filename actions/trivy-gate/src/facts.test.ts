import { describe, expect, it } from '@jest/globals';
import {
  formatReference,
  parseDigest,
  parseReference,
  pin,
} from '../../../shared/oci/Reference.ts';
import { databaseFact, tagFact } from './facts.ts';

const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
const image = pin(parseReference('acme.azurecr.io/web'), digest);

describe('the tag', () => {
  it.each([
    ['acme.azurecr.io/web:1.4', '1.4, which named at that time'],
    ['acme.azurecr.io/web', 'latest, which named at that time'],
  ])('%s', (given, value) => {
    expect(tagFact(parseReference(given), image)).toEqual([{ name: 'Tag', value, exact: digest }]);
  });

  it('is no fact where the digest was given', () => {
    expect(tagFact(parseReference(`acme.azurecr.io/web:1.4@${digest}`), image)).toEqual([]);
  });
});

describe('the age of the database', () => {
  const made = new Date('2026-11-20T06:00:30Z');
  it.each([
    ['2026-11-20T06:00:30Z', '0 hours'],
    ['2026-11-20T07:01:00Z', '1 hour'],
    ['2026-11-21T06:01:00Z', '24 hours'],
    ['2026-11-24T06:01:00Z', '4 days'],
    ['2026-11-19T06:00:00Z', '0 hours'],
  ])('at %s is %s', (now, age) => {
    expect(databaseFact(formatReference(image), made, () => Date.parse(now))).toEqual({
      name: 'Database',
      value: `made 2026-11-20 06:00 UTC, ${age} old,`,
      exact: `acme.azurecr.io/web@${digest}`,
    });
  });
});
