import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { httpClient } from '../../../shared/http/request.ts';
import { httpStream } from '../../../shared/http/stream.ts';
import { silent } from '../../../shared/log/Log.ts';
import { parseReference } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { fetchDatabase } from '../../../shared/trivy/fetchDatabase.ts';
import { trivyDbRepository } from '../../lab/trivy-db/trivyDb.ts';
import { at, type RegistryInFront, registryInFront } from './registryInFront.ts';

/** What the registry in front does with a request; `undefined` lets the lab's own answer. */
type Deed = (response: ServerResponse) => void;

const limited: Deed = (response) => {
  response.writeHead(429, { 'retry-after': '1', 'content-type': 'application/json' });
  response.end('{"errors":[{"code":"TOOMANYREQUESTS","message":"no"}]}');
};
const away: Deed = (response) => void response.writeHead(503).end();
const reset: Deed = (response) => void response.socket?.resetAndDestroy();
const cut: Deed = (response) => {
  response.writeHead(200, { 'content-length': '100000' });
  response.write('x'.repeat(10), () => response.socket?.destroy());
};
const long: Deed = (response) => void response.writeHead(200).end('x'.repeat(100_000));
const short: Deed = (response) => void response.writeHead(200).end('x'.repeat(10));
const other: Deed = (response) => {
  response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' });
  response.end('{"schemaVersion":2}');
};

let folder: string;
let front: RegistryInFront | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'databases-'));
});
afterEach(() => {
  front?.close();
  rmSync(folder, { recursive: true });
});

async function fetchFrom(part: string, deeds: Deed[], next: readonly string[], digest = '') {
  let asked = 0;
  front = await registryInFront((request, response) => {
    const deed = request.url?.includes(part) ? deeds[asked++] : undefined;
    deed?.(response);
    return deed !== undefined;
  });
  const { env } = process;
  const registry = new RegistryClient({
    http: httpClient({ env, log: silent }),
    stream: httpStream({ env }),
    credentialFor: async () => undefined,
  });
  const first = `${at(front, trivyDbRepository)}${digest}`;
  const database = await fetchDatabase([first, ...next].map(parseReference), {
    registry,
    folder,
    patience: { until: Date.now() + 20_000, log: silent },
  });
  return { asked, ofFront: database.source.startsWith(front.host) };
}

const deeds: Record<string, [string, Deed]> = {
  'answers 429': ['/manifests/', limited],
  'answers 503': ['/manifests/', away],
  'resets the connection': ['/manifests/', reset],
  'answers 503 for the layer': ['/blobs/', away],
  'resets during the layer': ['/blobs/', reset],
  'cuts the layer': ['/blobs/', cut],
  'sends a short layer': ['/blobs/', short],
  'sends a layer that is too long': ['/blobs/', long],
};

describe('a registry of the database that', () => {
  it.each(Object.entries(deeds))(
    '%s: the next one is asked at once, or itself after a while',
    async (_, [part, deed]) => {
      const followed = await fetchFrom(part, [deed], [trivyDbRepository]);
      expect(followed).toEqual({ asked: 1, ofFront: false });
      front?.close();
      rmSync(folder, { recursive: true });
      const alone = await fetchFrom(part, [deed], []);
      expect(alone.ofFront).toBe(true);
      expect(readdirSync(folder)).toHaveLength(1);
    },
    60_000,
  );

  it('sends another manifest than its digest says: it is not believed', async () => {
    const digest = `@sha256:${'0'.repeat(64)}`;
    await expect(fetchFrom('/manifests/', [other], [], digest)).rejects.toThrow(
      'sent another content than',
    );
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);
});
