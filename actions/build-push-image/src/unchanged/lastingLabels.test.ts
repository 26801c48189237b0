import { expect, it } from '@jest/globals';
import { lastingLabels } from './lastingLabels.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';
const name = 'org.opencontainers.image.version';

it.each([
  [`${name}=main`, true],
  [`${name}=sha-0123456`, false],
  [`${name}=${sha}`, false],
  [`manifest:${name}=${sha}`, false],
  [`index,manifest[linux/arm64]:${name}=sha-0123456`, false],
  [`manifest:${name}=1.4.2`, true],
  [`org.example.version=${sha}`, true],
])('%s lasts: %s', (label, lasts) => {
  expect(lastingLabels([label], sha)).toEqual(lasts ? [label] : []);
  expect(lastingLabels([label], undefined)).toEqual([label]);
});
