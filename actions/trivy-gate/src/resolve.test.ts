import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { Failure } from '../../../shared/failure/Failure.ts';
import { silent } from '../../../shared/log/Log.ts';
import { parseDigest, parseReference, type Reference } from '../../../shared/oci/Reference.ts';
import { resolveDatabase, resolveImage } from './resolve.ts';

const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
const index = 'application/vnd.oci.image.index.v1+json';

function registry(mediaType: string, platforms: string[] = []) {
  const manifests = platforms.map((platform) => {
    const [os, architecture, variant] = platform.split('/');
    return { platform: { os, architecture, variant } };
  });
  return {
    manifest: async () => ({
      digest,
      mediaType,
      bytes: Buffer.from(JSON.stringify({ manifests })),
    }),
  };
}

describe('the image that is scanned', () => {
  const tag = parseReference('acme.azurecr.io/web:1.4');
  it.each<[string, string, string[], string | undefined, string[]]>([
    ['one image', 'application/vnd.oci.image.manifest.v1+json', [], undefined, []],
    [
      'an index of one image and its attestation',
      index,
      ['linux/arm64', 'unknown/unknown'],
      'linux/arm64',
      [],
    ],
    [
      'an index of several',
      index,
      ['windows/amd64', 'linux/arm64', 'linux/amd64'],
      'linux/amd64',
      ['Only linux/amd64 was scanned; the index also holds linux/arm64, windows/amd64.'],
    ],
  ])('%s', async (_, mediaType, platforms, platform, gaps) => {
    const image = await resolveImage(tag, registry(mediaType, platforms));
    expect(image.reference).toEqual({ registry: 'acme.azurecr.io', repository: 'web', digest });
    expect(image.platform).toBe(platform);
    expect(image.gaps.map(({ what }) => what)).toEqual(gaps);
  });

  it.each([[[]], [['unknown/unknown']]])('an index of %j holds none', async (platforms) => {
    await expect(resolveImage(tag, registry(index, platforms))).rejects.toThrow(
      'is an index without an image',
    );
  });
});

describe('the database', () => {
  const repositories = ['a.example/db:2', 'b.example/db:2', 'c.example/db:2'].map(parseReference);
  const having = (...hosts: string[]) => {
    const asked: string[] = [];
    return {
      asked,
      manifest: async ({ registry: host }: Reference) => {
        asked.push(host);
        if (hosts.includes(host)) return { digest, mediaType: '', bytes: Buffer.from('') };
        throw new Failure({ what: `${host} answered 429.`, remedy: 'Log in.', details: host });
      },
    };
  };

  it.each([
    [['a.example', 'b.example'], 'a.example', ['a.example']],
    [['c.example'], 'c.example', ['a.example', 'b.example', 'c.example']],
  ])('had by %j comes from %s', async (hosts, expected, asked) => {
    const server = having(...hosts);
    const found = await resolveDatabase(repositories, server, silent);
    expect(found).toEqual({ registry: expected, repository: 'db', digest });
    expect(server.asked).toEqual(asked);
  });

  it('that nobody has: the first cause and what to do are told', async () => {
    await expect(resolveDatabase(repositories, having(), silent)).rejects.toMatchObject({
      what: 'The vulnerability database could not be had.',
      why: 'a.example answered 429. Nor had 2 further repositories one.',
      remedy: 'Log in. A mirror of your own can be given as db-repository.',
      details: 'a.example',
    });
  });

  it('a defect is no reason to ask the next one', async () => {
    const broken = {
      manifest: async () => {
        throw new TypeError('defect');
      },
    };
    await expect(resolveDatabase(repositories, broken, silent)).rejects.toThrow(TypeError);
  });
});
