import { expect, it } from '@jest/globals';
import { parseDigest, parseReference, pin } from '../oci/Reference.ts';
import type { Finding } from '../verdict/Finding.ts';
import { type BaseAdvice, bestBase } from './bestBase.ts';

const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
const base = parseReference('acme.io/debian:12');
const finding = (id: string, version = '1', kind: Finding['kind'] = 'vulnerability'): Finding => ({
  ...{ kind, id, severity: 'HIGH', title: undefined, fix: undefined, url: undefined },
  subject: {
    name: 'perl',
    version,
    purl: `pkg:deb/debian/perl@${version}?distro=x`,
    path: undefined,
  },
});
const candidate = (tag: string, ...counted: Finding[]) => {
  const named = parseReference(`acme.io/debian:${tag}`);
  return { named, image: pin(named, digest), counted };
};
const advise = (change: Partial<BaseAdvice>) =>
  bestBase({
    base,
    current: [finding('A'), finding('B')],
    candidates: [],
    unjudged: [],
    ...change,
  });

it.each<[string, Partial<BaseAdvice>, string]>([
  [
    'the one that removes most',
    { candidates: [candidate('13', finding('A', '2')), candidate('14')] },
    `Move the base image from acme.io/debian:12 to acme.io/debian:14 (${digest}): of 2 findings that count and come from the base, 2 go. 2 bases judged by the same policy and database.`,
  ],
  [
    'the nearest of those that are alike',
    { candidates: [candidate('13', finding('C')), candidate('14', finding('D'))] },
    `Move the base image from acme.io/debian:12 to acme.io/debian:13 (${digest}): of 2 findings that count and come from the base, 2 go, and 1 comes. 2 bases judged by the same policy and database.`,
  ],
  [
    'the same tag, made anew',
    { candidates: [candidate('12')], unjudged: [parseReference('acme.io/debian:13')] },
    `Build the image again on acme.io/debian:12 as it is now (${digest}): of 2 findings that count and come from the base, 2 go. 1 base judged by the same policy and database. Not judged: acme.io/debian:13.`,
  ],
  [
    'none that brings as much as it removes',
    {
      candidates: [
        candidate('13', finding('C'), finding('D')),
        candidate('14', finding('A'), finding('B', '3')),
      ],
    },
    '2 findings that count come from the base image acme.io/debian:12. Of its newer tags none has fewer (judged: acme.io/debian:13, acme.io/debian:14).',
  ],
  [
    'none of no newer tags',
    {},
    '2 findings that count come from the base image acme.io/debian:12. No newer tag of the same variant could be judged.',
  ],
  [
    'none where it is not the base',
    { current: [] },
    'None of what counts comes from the base image acme.io/debian:12.',
  ],
  [
    'none that gets no more fixes either',
    {
      current: [finding('end-of-life', '9', 'end-of-life')],
      candidates: [candidate('13', finding('end-of-life', '10', 'end-of-life'))],
    },
    '1 finding that count comes from the base image acme.io/debian:12. Of its newer tags none has fewer (judged: acme.io/debian:13).',
  ],
])('recommends %s', (_, change, said) => {
  expect(advise(change)).toBe(said);
});
