import { describe, expect, it } from '@jest/globals';
import { hostileText } from '../../test/lab/fixtures/hostileText.ts';
import { matchesPurl } from './matchesPurl.ts';
import type { Purl } from './Purl.ts';
import { parsePurl } from './parsePurl.ts';

describe('a package URL', () => {
  it.each([
    ['pkg:npm/minimist@1.2.5', 'npm', '', 'minimist', '1.2.5'],
    ['pkg:npm/%40acme/web@1.0.0', 'npm', '@acme', 'web', '1.0.0'],
    ['pkg:npm/@acme/web', 'npm', '@acme', 'web', undefined],
    ['pkg:NPM/Web@1', 'npm', '', 'Web', '1'],
    ['pkg:golang/github.com/Acme/b@v1.2.3#sub', 'golang', 'github.com/acme', 'b', 'v1.2.3'],
    ['pkg:pypi/Typing_Extensions@4', 'pypi', '', 'typing-extensions', '4'],
    ['pkg:maven/org.apache/log4j-core@2.14.1', 'maven', 'org.apache', 'log4j-core', '2.14.1'],
    ['pkg:oci/web@sha256:aa', 'oci', '', 'web', 'sha256:aa'],
    ['pkg:oci/web@sha256%3Aaa', 'oci', '', 'web', 'sha256:aa'],
    ['pkg:deb/debian/libc%2B%2B1@1%3A2.0-1', 'deb', 'debian', 'libc++1', '1:2.0-1'],
  ])('%s', (text, type, namespace, name, version) => {
    expect(parsePurl(text)).toEqual({ type, namespace, name, version, qualifiers: new Map() });
  });

  it('has qualifiers', () => {
    const purl = parsePurl('pkg:oci/web@sha256:aa?repository_url=acme.io%2Fteam/web&Arch=amd64&x=');
    expect(purl?.qualifiers).toEqual(
      new Map([
        ['repository_url', 'acme.io/team/web'],
        ['arch', 'amd64'],
      ]),
    );
  });

  it.each([[''], ['npm/a'], ['pkg:'], ['pkg:npm'], ['pkg:npm/'], ['pkg:npm/%ZZ'], ['https://a/b']])(
    '%j is none',
    (text) => {
      expect(parsePurl(text)).toBeUndefined();
    },
  );

  it('hostile texts make no trouble', () => {
    for (const { text } of hostileText) {
      expect(parsePurl(text)).toBeUndefined();
      expect(() => parsePurl(`pkg:npm/${text}@${text}?${text}`)).not.toThrow();
    }
  });
});

it.each<[string, string, boolean]>([
  ['pkg:npm/a', 'pkg:npm/a@1', true],
  ['pkg:npm/a@1', 'pkg:npm/a@1', true],
  ['pkg:npm/a@1', 'pkg:npm/a@2', false],
  ['pkg:npm/a@1', 'pkg:npm/a', false],
  ['pkg:npm/a', 'pkg:gem/a@1', false],
  ['pkg:npm/a', 'pkg:npm/%40acme/a@1', false],
  ['pkg:deb/debian/bash', 'pkg:deb/debian/bash@5?arch=amd64', true],
  ['pkg:deb/debian/bash?arch=arm64', 'pkg:deb/debian/bash@5?arch=amd64', false],
])('%s means %s: %s', (meant, actual, expected) => {
  expect(matchesPurl(parsePurl(meant) as Purl, parsePurl(actual) as Purl)).toBe(expected);
});
