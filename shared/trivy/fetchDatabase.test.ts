import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from 'tar';
import { Failure } from '../failure/Failure.ts';
import { silent } from '../log/Log.ts';
import { Passing } from '../oci/Passing.ts';
import { parseDigest, parseReference, type Reference } from '../oci/Reference.ts';
import { fetchDatabase } from './fetchDatabase.ts';
import { localDatabase } from './localDatabase.ts';

const layerType = 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip';
const sum = (bytes: Uint8Array) =>
  parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);

let made: string;
let layer: Buffer;
let manifest: Buffer;
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'database-'));
  writeFileSync(join(made, 'trivy.db'), 'bolt');
  writeFileSync(
    join(made, 'metadata.json'),
    JSON.stringify({ Version: 2, UpdatedAt: '2026-11-24T06:00:00Z' }),
  );
  writeFileSync(join(made, 'other'), 'x');
  const file = join(made, 'db.tar');
  await create({ file, cwd: made, portable: true }, ['trivy.db', 'metadata.json', 'other']);
  layer = gzipSync(await readFile(file));
  manifest = manifestOf(layerType);
});
afterAll(() => rmSync(made, { recursive: true }));

function manifestOf(mediaType: string): Buffer {
  const layers = [{ mediaType, digest: sum(layer), size: layer.length }];
  return Buffer.from(JSON.stringify({ schemaVersion: 2, layers }));
}

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'databases-'));
  folder = join(root, 'kept');
});
afterEach(() => rmSync(root, { recursive: true }));

/** What each host does, the first time and the next ones; the last one stays. */
type Deed = 'good' | 'away' | 'limited' | 'none' | 'denied' | 'cut' | 'reset' | 'other' | 'chart';

function registry(deeds: Readonly<Record<string, readonly Deed[]>>) {
  const asked: string[] = [];
  const now = (host: string): Deed => {
    const times = asked.filter((name) => name === host).length;
    const list = deeds[host] ?? [];
    return list[Math.min(times, list.length) - 1] ?? 'none';
  };
  return {
    asked,
    isSignedIn: () => false,
    async manifest({ registry: host }: Reference) {
      asked.push(host);
      const deed = now(host);
      if (deed === 'none') throw new Failure({ what: `${host} has none.`, remedy: 'Check it.' });
      if (deed === 'away') {
        const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
        throw new Failure({ what: `${host} gave no answer.`, cause });
      }
      if (deed === 'limited') {
        throw new Passing({ what: `${host} answered 429.`, remedy: 'Log in.' }, { waitMs: 7000 });
      }
      const bytes = deed === 'chart' ? manifestOf('application/chart') : manifest;
      return { digest: sum(bytes), mediaType: '', bytes };
    },
    async transfer({ registry: host }: Reference) {
      const deed = now(host);
      if (deed === 'denied') {
        return { status: 403, headers: {}, body: Readable.from([Buffer.from('{}')]) };
      }
      return { status: 200, headers: {}, body: Readable.from(sent(deed)) };
    },
  };
}

async function* sent(deed: Deed): AsyncGenerator<Buffer> {
  if (deed === 'other') yield Buffer.alloc(layer.length);
  else if (deed === 'good') yield layer;
  else yield layer.subarray(0, 10);
  if (deed === 'reset') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
}

/** Fetches by a clock that only waiting moves on. */
function fetch(deeds: Readonly<Record<string, readonly Deed[]>>, seconds = 60) {
  const server = registry(deeds);
  const waits: number[] = [];
  const start = Date.now();
  const now = () => start + waits.reduce((all, ms) => all + ms, 0);
  const database = fetchDatabase(
    Object.keys(deeds).map((host) => parseReference(`${host}/db:2`)),
    {
      registry: server,
      folder,
      patience: {
        until: start + seconds * 1000,
        log: silent,
        now,
        sleep: async (ms) => {
          waits.push(ms);
        },
        random: () => 1,
      },
    },
  );
  return { database, asked: server.asked, waits };
}

const [a, b] = ['a.example', 'b.example'];

describe('the database', () => {
  it.each<[string, Record<string, Deed[]>, string[], number[]]>([
    ['of the first that has it', { [a]: ['good'], [b]: ['good'] }, [a], []],
    ['of the next, where one limits', { [a]: ['limited'], [b]: ['good'] }, [a, b], []],
    ['of the next, where one has none', { [a]: ['none'], [b]: ['good'] }, [a, b], []],
    ['of the next, where one is away', { [a]: ['away'], [b]: ['good'] }, [a, b], []],
    ['of the next, where one cuts it', { [a]: ['cut'], [b]: ['good'] }, [a, b], []],
    ['of the next, where one resets', { [a]: ['reset'], [b]: ['good'] }, [a, b], []],
    ['of the next, where one sends another', { [a]: ['other'], [b]: ['good'] }, [a, b], []],
    ['of the next, where one denies', { [a]: ['denied'], [b]: ['good'] }, [a, b], []],
    ['of the next, where one has a chart', { [a]: ['chart'], [b]: ['good'] }, [a, b], []],
    ['later, as the server said', { [a]: ['limited', 'good'] }, [a, a], [7000]],
    ['later, after a cut', { [a]: ['cut', 'reset', 'good'] }, [a, a, a], [500, 1000]],
    ['later, of any', { [a]: ['none'], [b]: ['limited', 'good'] }, [a, b, a, b], [7000]],
  ])('comes %s', async (_, deeds, asked, waits) => {
    const fetched = fetch(deeds);
    const { source, digest, cacheDir } = await fetched.database;
    expect(source).toBe(`${asked.at(-1)}/db@${sum(manifest)}`);
    expect(digest).toBe(sum(manifest));
    expect(readdirSync(join(cacheDir, 'db')).sort()).toEqual(['metadata.json', 'trivy.db']);
    expect(fetched.asked).toEqual(asked);
    expect(fetched.waits).toEqual(waits);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it.each<[string, Record<string, Deed[]>, number, string]>([
    ['nobody has', { [a]: ['none'], [b]: ['none'] }, 1, 'a.example has none. Nor had 1 further'],
    ['is denied', { [a]: ['denied'] }, 1, 'refuses to let db be read'],
    ['is a chart', { [a]: ['chart'] }, 1, 'is not a vulnerability database'],
    ['is of nobody who answers', { [a]: ['away'] }, 4, 'a.example gave no answer.'],
    ['is always cut', { [a]: ['cut'] }, 5, '10 of'],
    ['is always another', { [a]: ['other'] }, 5, 'content is not that of sha256:'],
    ['is limited for too long', { [a]: ['limited'] }, 9, 'a.example answered 429.'],
  ])('that %s does not come, and leaves nothing', async (_, deeds, times, said) => {
    const { database, asked } = fetch(deeds);
    await expect(database).rejects.toThrow('The vulnerability database could not be had.');
    await expect(database).rejects.toThrow(said);
    expect(asked.filter((host) => host === a)).toHaveLength(times);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });

  it('of a digest that is here is not fetched again', async () => {
    await fetch({ [a]: ['good'] }).database;
    // It would fail, were it asked for more than the manifest.
    const again = await fetch({ [b]: ['denied'] }).database;
    expect(again.source).toContain(b);
  });
});

describe('a database of this machine', () => {
  const options = () => ({ folder, tempDir: root });

  it('as a packed layer', async () => {
    const path = join(root, 'db.tar.gz');
    writeFileSync(path, layer);
    const database = await localDatabase(path, options());
    expect(database).toMatchObject({ source: path, digest: sum(layer) });
    expect(readdirSync(join(database.cacheDir, 'db')).sort()).toEqual([
      'metadata.json',
      'trivy.db',
    ]);
  });

  it('as a folder, which stays as it is', async () => {
    const database = await localDatabase(made, options());
    expect(database.digest).toBe(sum(Buffer.from('bolt')));
    expect(database.updatedAt.toISOString()).toBe('2026-11-24T06:00:00.000Z');
    expect(database.cacheDir.startsWith(root)).toBe(true);
  });

  it('as an OCI layout', async () => {
    const path = join(root, 'layout');
    mkdirSync(join(path, 'blobs/sha256'), { recursive: true });
    for (const bytes of [layer, manifest]) {
      writeFileSync(join(path, 'blobs', ...sum(bytes).split(':')), bytes);
    }
    const entry = { mediaType: 'm', digest: sum(manifest), size: manifest.length };
    writeFileSync(join(path, 'index.json'), JSON.stringify({ manifests: [entry] }));
    expect(await localDatabase(path, options())).toMatchObject({ digest: sum(manifest) });
  });

  it.each<[string, string | undefined, string]>([
    ['is not there', undefined, 'There is no vulnerability database at'],
    ['is no archive', 'hello', 'cannot be unpacked'],
    ['is empty', '', 'cannot be unpacked'],
  ])('that %s', async (_, content, said) => {
    const path = join(root, 'db.tar.gz');
    if (content !== undefined) writeFileSync(path, content);
    await expect(localDatabase(path, options())).rejects.toThrow(said);
  });
});
