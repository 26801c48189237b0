import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create } from 'tar';
import { addresses } from '../../test/lab/addresses.ts';
import { serverError, tooManyRequests } from '../../test/lab/faults/answers.ts';
import { type FaultProxy, startFaultProxy } from '../../test/lab/faults/faultProxy.ts';
import type { Fault, Rule } from '../../test/lab/faults/Rule.ts';
import { type TestLayout, writeLayout } from '../../test/lab/registry/writeLayout.ts';
import { httpClient } from '../http/request.ts';
import { httpStream } from '../http/stream.ts';
import { silent } from '../log/Log.ts';
import { type PushedLayout, pushLayout } from './pushLayout.ts';
import { parseReference } from './Reference.ts';
import { RegistryClient } from './RegistryClient.ts';

const megabyte = 1024 * 1024;
const blob = { method: ['POST', 'PUT', 'PATCH'], path: /\/blobs\/uploads\// };
const data = { method: ['PUT', 'PATCH'], path: /\/blobs\/uploads\// };
const manifest = { method: 'PUT', path: /\/manifests\// };
const first = (count: number) => ({ which: { first: count } });
const refusal = (status: number, code: string, message: string): Fault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ errors: [{ code, message }] }),
});

let layout: TestLayout;
let tempDir: string;
beforeAll(() => {
  layout = writeLayout({ platforms: ['linux/amd64', 'linux/arm64'], layerBytes: 2 * megabyte });
  tempDir = mkdtempSync(join(tmpdir(), 'push-'));
});
afterAll(() => {
  layout[Symbol.dispose]();
  rmSync(tempDir, { recursive: true });
});

interface Push {
  readonly pushed: PushedLayout;
  readonly said: readonly string[];
  readonly ms: number;
  /** What the tag names in the registry. */
  readonly found: string | null;
}

async function push(proxy: FaultProxy, path = layout.folder, deadlineMs = 20_000): Promise<Push> {
  const said: string[] = [];
  const log = { ...silent, info: (text: string) => said.push(text) };
  const repository = `push/${randomBytes(4).toString('hex')}`;
  const client = new RegistryClient({
    http: httpClient({ env: {}, log }),
    stream: httpStream({ env: {} }),
    credentialFor: async () => undefined,
  });
  const references = ['1', '2'].map((tag) =>
    parseReference(`${proxy.address}/${repository}:${tag}`),
  );
  const started = Date.now();
  const pushed = await pushLayout({
    ...{ layout: path, references, client, log, tempDir, deadlineMs },
  });
  const answer = await fetch(`http://${addresses.registry}/v2/${repository}/manifests/2`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.index.v1+json' },
  });
  const found = answer.headers.get('docker-content-digest');
  return { pushed, said, ms: Date.now() - started, found };
}

function start(...rules: Rule[]): Promise<FaultProxy> {
  return startFaultProxy({ target: `http://${addresses.registry}`, rules });
}

/** How often content was taken in, whoever got the answer. */
function puts({ requests }: FaultProxy, path: RegExp): number {
  return requests.filter(
    ({ method, path: sent, upstreamStatus }) =>
      method === 'PUT' && path.test(sent) && upstreamStatus === 201,
  ).length;
}

describe('pushLayout', () => {
  it('pushes a folder or an archive, under every tag', async () => {
    await using proxy = await start();
    const archive = join(tempDir, 'layout.tar');
    await create({ file: archive, cwd: layout.folder }, ['.']);
    for (const path of [layout.folder, archive]) {
      const { pushed, found } = await push(proxy, path);
      expect(pushed.digest).toBe(layout.digest);
      expect(pushed.sentBytes).toBeGreaterThan(4 * megabyte);
      expect(found).toBe(layout.digest);
    }
  });

  const recovered: Record<string, Rule[]> = {
    '429 on an upload': [{ ...blob, ...first(1), fault: tooManyRequests({ retryAfter: 1 }) }],
    '429 on a manifest': [{ ...manifest, ...first(1), fault: tooManyRequests({ retryAfter: 1 }) }],
    '429 on a question': [
      { method: 'HEAD', ...first(2), fault: tooManyRequests({ retryAfter: new Date() }) },
    ],
    '500 on an upload': [{ ...blob, ...first(2), fault: serverError(500) }],
    '503 on a manifest': [{ ...manifest, ...first(2), fault: serverError(503) }],
    'a reset before an upload': [{ ...blob, ...first(3), fault: { kind: 'resetRequest' } }],
    'a reset in an upload': [
      { ...data, ...first(3), fault: { kind: 'resetUpload', afterBytes: megabyte } },
    ],
    'a reset on a manifest': [{ ...manifest, ...first(1), fault: { kind: 'resetRequest' } }],
    'a truncated answer to an upload': [
      { ...blob, ...first(2), fault: { kind: 'truncateAnswer', afterBytes: 0 } },
    ],
    'a truncated answer to a manifest': [
      { ...manifest, ...first(2), fault: { kind: 'truncateAnswer', afterBytes: 0 } },
    ],
    'a blob that the registry does not know': [
      { ...manifest, ...first(1), fault: refusal(404, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown') },
    ],
    'an upload that the registry has lost': [
      { ...data, ...first(1), fault: refusal(404, 'BLOB_UPLOAD_UNKNOWN', 'upload unknown') },
    ],
    'content that changed on the way': [
      { ...data, ...first(1), fault: refusal(400, 'DIGEST_INVALID', 'digest did not match') },
    ],
  };
  it.each(Object.entries(recovered))(
    'recovers from %s',
    async (_name, rules) => {
      await using proxy = await start(...rules);
      const { found } = await push(proxy);
      expect(found).toBe(layout.digest);
      for (const rule of rules) expect(proxy.fired(rule)).toBeGreaterThan(0);
    },
    30_000,
  );

  it('waits as long as it is told', async () => {
    await using proxy = await start({
      ...{ ...blob, ...first(1), fault: tooManyRequests({ retryAfter: 2 }) },
    });
    const { ms, said } = await push(proxy);
    expect(ms).toBeGreaterThan(1990);
    expect(said.join('\n')).toMatch(/tried again in 2\.0 s, as the registry says/);
  });

  it('goes on where an upload broke', async () => {
    const rule: Rule = {
      ...{ method: 'PUT', path: /\/blobs\/uploads\//, ...first(1) },
      when: (headers) => Number(headers['content-length']) > megabyte,
      fault: { kind: 'resetUpload', afterBytes: 1.5 * megabyte },
    };
    await using proxy = await start(rule);
    const { found, said } = await push(proxy);
    expect(found).toBe(layout.digest);
    expect(said.join('\n')).toMatch(/goes on from \d+ %/);
    const rest = proxy.requests.find(({ method }) => method === 'PATCH');
    expect(rest?.requestBytes).toBeLessThan(1.5 * megabyte);
  });

  const lost: Fault[] = [
    { kind: 'loseAnswer', as: 'reset' },
    { kind: 'loseAnswer', as: 502 },
  ];
  it.each(lost)('does not push twice what arrived, when the answer is lost (%j)', async (fault) => {
    await using proxy = await start(
      { ...data, ...first(1), fault },
      { ...manifest, ...first(2), fault },
    );
    const { found } = await push(proxy);
    expect(found).toBe(layout.digest);
    // Two layers, two configs, two statements and their configs; five manifests and two tags.
    expect(puts(proxy, /\/blobs\/uploads\//)).toBe(8);
    expect(puts(proxy, /\/manifests\//)).toBe(7);
  });

  const refused: Record<string, [Rule, RegExp]> = {
    'a denial': [
      { ...blob, fault: refusal(403, 'DENIED', 'requested access is denied') },
      /does not let us push to push\//,
    ],
    'a wrong name': [
      { ...blob, fault: refusal(400, 'NAME_INVALID', 'invalid repository name') },
      /does not take push\/\w+ as a repository's name/,
    ],
    'a missing repository': [
      { ...blob, fault: refusal(404, 'NAME_UNKNOWN', 'repository name not known') },
      /has no repository push\//,
    ],
    'a full quota': [
      { ...manifest, fault: refusal(403, 'DENIED', 'the storage quota is exceeded') },
      /its quota is used up/,
    ],
    'a locked tag': [
      { ...manifest, path: /\/manifests\/1$/, fault: refusal(409, 'DENIED', 'tag is immutable') },
      /push\/\w+:1 is locked/,
    ],
  };
  it.each(Object.entries(refused))(
    'does not try again after %s',
    async (_name, [rule, message]) => {
      await using proxy = await start(rule);
      await expect(push(proxy)).rejects.toThrow(message);
      // Those that were under way at the same time, and none after.
      expect(proxy.fired(rule)).toBeLessThanOrEqual(4);
    },
  );

  it('ends with the reason when the time is over', async () => {
    await using proxy = await start({ ...manifest, fault: serverError(503) });
    await expect(push(proxy, layout.folder, 3000)).rejects.toThrow(
      /did not succeed in the time that there was\. .* was answered with 503/,
    );
  });

  it('survives a registry that goes away and comes back', async () => {
    await using proxy = await start({
      ...{ ...data, which: { first: 1 }, fault: { kind: 'delay', beforeForwardingMs: 300 } },
    });
    const pushing = push(proxy);
    setTimeout(
      () => void proxy.goDown().then(() => setTimeout(() => void proxy.comeBack(), 1000)),
      150,
    );
    expect((await pushing).found).toBe(layout.digest);
  }, 30_000);
});
