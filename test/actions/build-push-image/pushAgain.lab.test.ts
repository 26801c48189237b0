import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  classifyPushFailure,
  type PushFailure,
} from '../../../actions/build-push-image/src/classifyPushFailure.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { httpStream } from '../../../shared/http/stream.ts';
import { silent } from '../../../shared/log/Log.ts';
import { pushLayout } from '../../../shared/oci/pushLayout.ts';
import { type PinnedReference, parseReference, pin } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { readManifest } from '../../../shared/oci/readManifest.ts';
import { childEnvironment } from '../../../shared/process/childEnvironment.ts';
import { type Outcome, run } from '../../../shared/process/run.ts';
import { addresses } from '../../lab/addresses.ts';
import { buildkitAddress } from '../../lab/buildkit/buildkit.ts';
import { serverError, tooManyRequests } from '../../lab/faults/answers.ts';
import { startFaultProxy } from '../../lab/faults/faultProxy.ts';
import type { Fault, Rule } from '../../lab/faults/Rule.ts';
import { labContext } from '../../lab/lab.ts';

const lab = labContext(silent);
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'again-'));
  await buildx(['create', '--name', 'lab', '--driver', 'remote', buildkitAddress(lab)]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function buildx(args: readonly string[]): Promise<Outcome> {
  const env = childEnvironment(process.env, { BUILDX_CONFIG: folder });
  return run({ program: await lab.program('buildx'), args, env });
}

/** A build whose RUN step gives another result each time that it really runs. */
function component(): (...args: string[]) => Promise<Outcome> {
  const context = mkdtempSync(join(folder, 'context-'));
  const run = `RUN echo ${randomBytes(8).toString('hex')} && head -c 100000 /dev/urandom > /random`;
  writeFileSync(join(context, 'Dockerfile'), `FROM busybox:1.36\n${run}\n`);
  return (...args) =>
    buildx([
      ...['build', '--builder', 'lab', '--progress', 'plain'],
      // Said, since buildx attests by itself what it pushes, not what it exports.
      ...['--provenance=mode=max', ...args, context],
    ]);
}

const upload = { method: ['POST', 'PUT', 'PATCH'], path: /\/blobs\/uploads\// };
const manifest = { method: 'PUT', path: /\/manifests\// };
const refusal = (status: number, code: string, message: string): Fault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ errors: [{ code, message }] }),
});

describe("a push of BuildKit's that failed", () => {
  const faults: Record<string, [Rule, PushFailure['kind']]> = {
    '429 on an upload': [{ ...upload, fault: tooManyRequests({ retryAfter: 1 }) }, 'passing'],
    '429 on a manifest': [{ ...manifest, fault: tooManyRequests({ retryAfter: 1 }) }, 'passing'],
    '503 on a manifest': [{ ...manifest, fault: serverError(503) }, 'passing'],
    'a reset on a manifest': [{ ...manifest, fault: { kind: 'resetRequest' } }, 'passing'],
    'a token that ended': [
      { ...upload, method: 'PUT', fault: refusal(401, 'UNAUTHORIZED', 'authentication required') },
      'login',
    ],
    'a blob that the registry does not know': [
      { ...manifest, fault: refusal(404, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry') },
      'passing',
    ],
  };
  it.each(Object.entries(faults))(
    'by %s is made good from the cache, and no RUN step runs twice',
    async (_name, [rule, kind]) => {
      await using proxy = await startFaultProxy({
        target: `http://${addresses.registry}`,
        rules: [rule],
      });
      const build = component();
      const tagged = parseReference(
        `${proxy.address}/test/again-${randomBytes(4).toString('hex')}:1`,
      );
      const first = await build('--tag', `${tagged.registry}/${tagged.repository}:1`, '--push');
      expect(first.exitCode).not.toBe(0);
      const failure = classifyPushFailure(first.stderr);
      expect(failure).toMatchObject({ kind });
      proxy.resetConnections();
      // A new login ends the one trouble; the others end in the midst of our own push.
      if (kind === 'login') proxy.remove(rule);
      const before = proxy.fired(rule);
      const ends = setInterval(() => {
        if (proxy.fired(rule) > before) proxy.remove(rule);
      }, 5);

      const layout = join(folder, randomBytes(4).toString('hex'));
      mkdirSync(layout);
      const second = await build('--output', `type=oci,tar=false,dest=${layout}`);
      expect(second.exitCode).toBe(0);
      expect(second.stderr).toMatch(/#\d+ \[\d\/\d\] RUN echo [^\n]*\n#\d+ CACHED/);

      const client = new RegistryClient({
        http: httpClient({ env: {}, log: silent }),
        stream: httpStream({ env: {} }),
        credentialFor: async () => ({ username: 'a', password: 'b' }),
      });
      const { digest } = await pushLayout({
        ...{ layout, references: [tagged], client, log: silent, tempDir: folder },
      }).finally(() => clearInterval(ends));
      await complete(client, pin({ ...tagged, registry: addresses.registry }, digest));
      expect((await client.manifest(tagged)).digest).toBe(digest);
    },
    60_000,
  );

  it.each([
    ['a denial', { ...upload, fault: refusal(403, 'DENIED', 'access denied') }],
    ['a wrong name', { ...upload, fault: refusal(400, 'NAME_INVALID', 'invalid repository name') }],
    ['a full quota', { ...manifest, fault: refusal(403, 'DENIED', 'quota exceeded') }],
  ] as [string, Rule][])(
    'by %s is final',
    async (_name, rule) => {
      await using proxy = await startFaultProxy({
        target: `http://${addresses.registry}`,
        rules: [rule],
      });
      const outcome = await component()('--tag', `${proxy.address}/test/never:1`, '--push');
      expect(classifyPushFailure(outcome.stderr)).toMatchObject({ kind: 'final' });
      proxy.resetConnections();
    },
    60_000,
  );
});

/** The index is there with the image, its attestation, and all their blobs. */
async function complete(client: RegistryClient, index: PinnedReference) {
  const { manifests = [] } = readManifest((await client.manifest(index)).bytes, 'index');
  expect(manifests).toHaveLength(2);
  for (const { digest } of manifests) {
    const { config, layers = [] } = readManifest(
      (await client.manifest(pin(index, digest))).bytes,
      'x',
    );
    for (const blob of [...(config ? [config] : []), ...layers]) {
      const head = await client.send(index, { method: 'HEAD', path: `blobs/${blob.digest}` });
      expect(head.status).toBe(200);
    }
  }
}
