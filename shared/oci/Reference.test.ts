import { describe, expect, it } from '@jest/globals';
import { formatReference, parseDigest, parseReference, pin } from './Reference.ts';

const hex = 'a'.repeat(64);

describe('parseReference', () => {
  it.each([
    ['acme.azurecr.io/web', { registry: 'acme.azurecr.io', repository: 'web' }],
    [
      'acme.azurecr.io/team/web:1.2',
      { registry: 'acme.azurecr.io', repository: 'team/web', tag: '1.2' },
    ],
    ['localhost:5000/web', { registry: 'localhost:5000', repository: 'web' }],
    ['localhost:5000/web:5000', { registry: 'localhost:5000', repository: 'web', tag: '5000' }],
    ['localhost/web', { registry: 'localhost', repository: 'web' }],
    ['[::1]:5000/web:a', { registry: '[::1]:5000', repository: 'web', tag: 'a' }],
    [`r.io/w@sha256:${hex}`, { registry: 'r.io', repository: 'w', digest: `sha256:${hex}` }],
    [
      `r.io/w:t@sha256:${hex}`,
      { registry: 'r.io', repository: 'w', tag: 't', digest: `sha256:${hex}` },
    ],
    ['debian', { registry: 'docker.io', repository: 'library/debian' }],
    ['debian:12', { registry: 'docker.io', repository: 'library/debian', tag: '12' }],
    ['acme/web', { registry: 'docker.io', repository: 'acme/web' }],
    ['r.io/a__b/c-d--e.f_g', { registry: 'r.io', repository: 'a__b/c-d--e.f_g' }],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  it.each([
    ['', 'it names no image'],
    [':tag', 'it names no image'],
    ['r.io/Web', '"Web" is not a repository\'s path; it has to be in lower case'],
    ['r.io/a//b', '"a//b" is not a repository\'s path'],
    ['r.io/', '"" is not a repository\'s path'],
    ['https://r.io/web', 'is not'],
    ['r.io/web:', '"" is not a tag'],
    ['r.io/web:a b', '"a b" is not a tag'],
    ['r.io/web;rm', "is not a repository's path"],
    ['r.io/web@sha256:abc', '"sha256:abc" is not a digest'],
    [`r.io/web@sha256:${hex.toUpperCase()}`, 'is not a digest'],
    ['r.io/web@a@b', 'more than one "@"'],
    ['-r.io/web', "is not a registry's host"],
    [`r.io/${'a'.repeat(300)}`, 'longer than 255'],
  ])('refuses %s', (text, why) => {
    expect(() => parseReference(text)).toThrow(why);
  });

  it('reads what it writes', () => {
    const text = `r.io:1/a/b:t@sha256:${hex}`;
    expect(formatReference(parseReference(text))).toBe(text);
  });

  it('pins to a digest and drops the tag', () => {
    const pinned = pin(parseReference('r.io/web:1'), parseDigest(`sha256:${hex}`));
    expect(formatReference(pinned)).toBe(`r.io/web@sha256:${hex}`);
  });
});
