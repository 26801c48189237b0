import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseDigest, parseReference, pin } from '../oci/Reference.ts';
import { spreadTarget } from './spreadTarget.ts';

const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
const image = pin(parseReference('acme.azurecr.io/web'), digest);
const digestAt = (at: number) => `sha256:${String(at).padStart(64, '0')}`;

/** A registry whose index holds an image of each platform; `-` is one that says none. */
function context(platforms: readonly string[] | undefined) {
  const manifests = platforms?.map((platform, at) => {
    const [os, architecture, variant] = platform.split('/');
    return {
      ...{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digestAt(at), size: 1 },
      ...(platform === '-' ? {} : { platform: { os, architecture, ...(variant && { variant }) } }),
    };
  });
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, ...(manifests && { manifests }) }));
  const registry = { manifest: async () => ({ digest, mediaType: 'x', bytes }) };
  return { registry, tempDir: '/temp' };
}

describe('the images of a registry that are scanned', () => {
  it.each<[string, string[] | undefined, string | undefined, (string | undefined)[], string[]]>([
    ['one image', undefined, undefined, [undefined], []],
    ['one image, of which a platform is wanted', undefined, 'linux/arm64', ['linux/arm64'], []],
    [
      'an index of one and its attestation',
      ['linux/arm64', 'unknown/unknown'],
      undefined,
      ['linux/arm64'],
      ['1 attestation manifest (unknown/unknown)'],
    ],
    [
      'all of an index',
      ['windows/amd64', 'linux/arm64/v8', '-'],
      undefined,
      ['windows/amd64', 'linux/arm64/v8', undefined],
      [],
    ],
    [
      'the wanted one of an index',
      ['linux/amd64', 'linux/arm64/v8'],
      'linux/arm64',
      ['linux/arm64/v8'],
      ['linux/amd64, as asked'],
    ],
  ])('%s', async (_, platforms, platform, expected, facts) => {
    const spread = await spreadTarget({ kind: 'image', image, platform }, context(platforms));
    expect(spread.parts.map((part) => part.platform)).toEqual(expected);
    expect(spread.facts.map(({ value }) => value)).toEqual(facts);
    expect(spread.gaps).toEqual([]);
    expect(spread.digest).toBe(digest);
  });

  it('each is scanned by a digest of its own', async () => {
    const { parts } = await spreadTarget(
      { kind: 'image', image },
      context(['linux/amd64', 'linux/arm64']),
    );
    expect(parts.map((part) => part.image?.digest)).toEqual([digestAt(0), digestAt(1)]);
  });

  it('more than eight: the others are a gap', async () => {
    const platforms = Array.from({ length: 10 }, (_, at) => `linux/a${at}`);
    const { parts, gaps } = await spreadTarget({ kind: 'image', image }, context(platforms));
    expect(parts).toHaveLength(8);
    expect(gaps.map(({ what }) => what)).toEqual([
      'Only the first 8 images of the index were scanned; it also holds linux/a8, linux/a9.',
    ]);
  });

  it.each([
    [[], undefined, 'is an index without an image'],
    [['unknown/unknown'], undefined, 'is an index without an image'],
    [['linux/amd64'], 'linux/s390x', 'has no image for linux/s390x. It holds linux/amd64.'],
  ])('%j, of which %s is wanted: there is none', async (platforms, platform, said) => {
    const target = { kind: 'image', image, platform } as const;
    await expect(spreadTarget(target, context(platforms))).rejects.toThrow(said);
  });
});

describe('an image on the disk that cannot be opened', () => {
  let tempDir: string;
  beforeEach(() => {
    tempDir = mkdtempSync(join(tmpdir(), 'spread-'));
  });
  afterEach(() => rmSync(tempDir, { recursive: true }));

  it.each([
    ['is not there', undefined, 'Check the path'],
    ['is text', 'hello, I am no archive', 'damaged'],
    ['is cut', 'PK\u0000', 'damaged'],
  ])('%s', async (_, content, remedy) => {
    const path = join(tempDir, 'web.tar');
    if (content !== undefined) writeFileSync(path, content);
    const spread = spreadTarget(
      { kind: 'archive', path, name: 'web.tar' },
      { ...context([]), tempDir },
    );
    await expect(spread).rejects.toThrow('web.tar could not be opened.');
    await expect(spread).rejects.toThrow(remedy);
  });

  it('since it is no layout', async () => {
    const target = { kind: 'layout', path: tempDir } as const;
    const spread = spreadTarget(target, { ...context([]), tempDir });
    await expect(spread).rejects.toThrow('is not an OCI layout');
  });
});

it('what is no image is one part', async () => {
  const target = { kind: 'config', path: '/w' } as const;
  const spread = await spreadTarget(target, context([]));
  expect(spread).toEqual({ parts: [{ target }], gaps: [], facts: [], digest: undefined });
});
