import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseDigest } from '../oci/Reference.ts';
import { provideDatabase } from './provideDatabase.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'databases-'));
  folder = join(root, 'trivy-db');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const database = (digit: string) => {
  const digest = parseDigest(`sha256:${digit.repeat(64)}`);
  return { source: `ghcr.io/aquasecurity/trivy-db@${digest}`, digest };
};

async function fetched(
  cacheDir: string,
  metadata: unknown = { Version: 2, UpdatedAt: '2026-11-24T06:00:00.123456789Z' },
) {
  await mkdir(join(cacheDir, 'db'));
  await writeFile(join(cacheDir, 'db', 'trivy.db'), 'bolt');
  await writeFile(join(cacheDir, 'db', 'metadata.json'), JSON.stringify(metadata));
}

describe('a database', () => {
  it('is fetched once, also by jobs side by side, and tells its age', async () => {
    let downloads = 0;
    const download = async (cacheDir: string) => {
      downloads++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await fetched(cacheDir);
    };
    const [one, two] = await Promise.all([
      provideDatabase(database('a'), { folder, download }),
      provideDatabase(database('a'), { folder, download }),
    ]);
    expect(downloads).toBe(1);
    expect(one).toEqual(two);
    expect(one.updatedAt.toISOString()).toBe('2026-11-24T06:00:00.123Z');
    expect(existsSync(join(one.cacheDir, 'db', 'trivy.db'))).toBe(true);
  });

  it('of another digest is another one', async () => {
    const a = await provideDatabase(database('a'), { folder, download: fetched });
    const b = await provideDatabase(database('b'), { folder, download: fetched });
    expect(a.cacheDir).not.toBe(b.cacheDir);
  });

  it.each<[string, (cacheDir: string) => Promise<void>, string]>([
    ['did not come', () => Promise.reject(new Error('connection reset')), 'connection reset'],
    ['came empty', async () => {}, 'not a vulnerability database'],
    [
      'is of another version',
      (cacheDir) => fetched(cacheDir, { Version: 1, UpdatedAt: '2020-01-01T00:00:00Z' }),
      'not a vulnerability database',
    ],
    [
      'has no date',
      (cacheDir) => fetched(cacheDir, { Version: 2, UpdatedAt: 'yesterday' }),
      'not a vulnerability database',
    ],
  ])('that %s leaves nothing behind', async (_, download, said) => {
    await expect(provideDatabase(database('a'), { folder, download })).rejects.toThrow(said);
    expect(await readdir(folder)).toEqual([]);
    const again = await provideDatabase(database('a'), { folder, download: fetched });
    expect(again.cacheDir).toContain('sha256-aaa');
  });

  it('goes when two newer ones are here and nobody may still read it; so does half a one', async () => {
    const hour = 3_600_000;
    const start = Date.now() - 10 * hour;
    const at = (hours: number) => () => start + hours * hour;
    for (const [digit, hours] of [
      ['a', 0],
      ['b', 0.5],
      ['c', 0.9],
    ] as const) {
      await provideDatabase(database(digit), { folder, download: fetched, now: at(hours) });
    }
    expect(await names()).toEqual(['aaa', 'bbb', 'ccc']);
    const half = join(folder, '.fetch-dead');
    await mkdir(half);
    await utimes(half, 0, 0);
    await provideDatabase(database('d'), { folder, download: fetched, now: at(4) });
    expect(await names()).toEqual(['ccc', 'ddd']);
  });
});

async function names(): Promise<string[]> {
  return (await readdir(folder)).map((name) => name.replace('sha256-', '').slice(0, 3)).sort();
}
