import { expect, it } from '@jest/globals';
import { bareName } from './bareName.ts';

it.each([
  ['pkg:npm/minimist@1.2.5', 'pkg:npm/minimist'],
  ['pkg:npm/%40acme/web@1.0.0', 'pkg:npm/%40acme/web'],
  ['pkg:npm/@acme/web@1.0.0', 'pkg:npm/@acme/web'],
  ['pkg:npm/@acme/web', 'pkg:npm/@acme/web'],
  ['pkg:npm/@acme', 'pkg:npm/@acme'],
  ['pkg:deb/debian/bash@5.2?arch=amd64&distro=debian-12.5', 'pkg:deb/debian/bash'],
  ['pkg:golang/github.com/a/b@v1.2.3#sub/path', 'pkg:golang/github.com/a/b'],
  ['', ''],
])('%s is %s', (purl, expected) => {
  expect(bareName(purl)).toBe(expected);
});
