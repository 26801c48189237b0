import { expect, it } from '@jest/globals';
import { parseDigest, parseReference, pin } from '../../../../../shared/oci/Reference.ts';
import { cacheStatement, refuseOrigin } from './cacheStatement.ts';

const reference = pin(parseReference('r.io/web'), parseDigest(`sha256:${'0'.repeat(64)}`));
const origin = { repository: 'acme/web', branch: 'main', tag: 'buildcache-main' };
const statement = cacheStatement(reference, origin, { commit: 'c', runId: '1' });

it('is taken for what it was written for', () => {
  expect(refuseOrigin(statement, origin)).toBeUndefined();
});

it.each([
  [{ repository: 'eve/web' }, 'it is signed for the repository acme/web, not eve/web'],
  [{ branch: 'next' }, 'it is signed for the branch main, not next'],
  [{ tag: 'cachemounts-main' }, 'it is signed for the tag buildcache-main, not cachemounts-main'],
])('and for nothing else: %j', (change, why) => {
  expect(refuseOrigin(statement, { ...origin, ...change })).toBe(why);
});

it('says so when nothing is said', () => {
  expect(refuseOrigin({ predicate: {} }, origin)).toContain('the repository nothing');
});
