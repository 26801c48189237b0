import { describe, expect, it } from '@jest/globals';
import { addresses } from '../../lab/addresses.ts';
import { serverError, tooManyRequests } from '../../lab/faults/answers.ts';
import { type FaultProxy, startFaultProxy } from '../../lab/faults/faultProxy.ts';
import type { Fault, Rule } from '../../lab/faults/Rule.ts';
import type { StepResult } from '../startAction.ts';
import { content, holds, randomDockerfile, valuesOf } from './randomStep.ts';
import { digestOf, workspace } from './workspace.ts';

const upload = { method: ['POST', 'PUT', 'PATCH'], path: /\/blobs\/uploads\// };
const manifest = { method: 'PUT', path: /\/manifests\/(?!buildcache|sha256-|build-)/ };
const byBuildkit: Rule['when'] = (headers) => /buildkit/.test(headers['user-agent'] ?? '');
const byUs: Rule['when'] = (headers) => !byBuildkit(headers);
const once = { first: 1 } as const;

const refusal = (status: number, code: string, message: string): Fault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ errors: [{ code, message }] }),
});

/** Builds into the lab's registry through a proxy with these faults. */
async function buildThrough(
  rules: readonly Rule[],
  inputs: Readonly<Record<string, string>> = {},
  watch: (proxy: FaultProxy, image: string) => void = () => {},
): Promise<{ step: StepResult; proxy: FaultProxy; image: string }> {
  await using proxy = await startFaultProxy({ target: `http://${addresses.registry}`, rules });
  using space = workspace({ Dockerfile: randomDockerfile() });
  const image = space.image.replace(addresses.registry, proxy.address);
  watch(proxy, space.image);
  const step = await space.build({
    inputs: { image, tags: '1', cache: 'off', 'push-timeout': '30s', ...inputs },
  });
  return { step, proxy, image: space.image };
}

/** BuildKit never gets through by itself, so that each fault also meets the push of ours. */
const both = (rule: Omit<Rule, 'fault'>, fault: Fault): Rule[] => [
  { ...rule, when: byBuildkit, fault },
  { ...rule, when: byUs, which: once, fault },
];

describe('a push on a bad day of the registry', () => {
  it.concurrent.each<[string, Rule[]]>([
    ['429 on an upload', both(upload, tooManyRequests({ retryAfter: 2 }))],
    ['429 on a manifest', both(manifest, tooManyRequests({ retryAfter: 1 }))],
    ['500 on an upload', both(upload, serverError(500))],
    ['503 on a manifest', both(manifest, serverError(503))],
    ['a reset in an upload', both(upload, { kind: 'resetUpload', afterBytes: 10 })],
    ['a reset on a manifest', both(manifest, { kind: 'resetRequest' })],
    [
      'a truncated answer to an upload',
      both({ ...upload, method: 'PUT' }, { kind: 'resetAnswer', afterBytes: 0 }),
    ],
    ['a truncated answer to a manifest', both(manifest, { kind: 'resetAnswer', afterBytes: 0 })],
    ['a proxy that gives up', both(manifest, { kind: 'loseAnswer', as: 504 })],
    [
      'a blob that the registry has lost',
      both(manifest, refusal(404, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry')),
    ],
    [
      'a login that ended',
      [
        {
          ...{ ...upload, method: 'PUT', when: byBuildkit },
          fault: refusal(401, 'UNAUTHORIZED', 'authentication required'),
        },
      ],
    ],
  ])(
    'by %s arrives whole, and no RUN step runs twice',
    async (_name, rules) => {
      const { step, proxy, image } = await buildThrough(rules);
      expect(step.annotations).toEqual([]);
      expect(step.exitCode).toBe(0);
      const [value = '', ...more] = valuesOf(step);
      expect(more).toEqual([]);
      const { digest = '' } = step.outputs;
      expect(await digestOf(image, '1')).toBe(digest);
      expect(await holds(image, digest, value)).toBe(true);
      // What BuildKit had stored, and was not told, needs no push of ours.
      for (const rule of rules.slice(0, 1)) expect(proxy.fired(rule)).toBeGreaterThan(0);
    },
    90_000,
  );

  it.concurrent('waits as long as the registry says', async () => {
    const wait = { ...manifest, when: byUs, which: once };
    const { step, proxy } = await buildThrough([
      { ...manifest, when: byBuildkit, fault: tooManyRequests() },
      { ...wait, fault: tooManyRequests({ retryAfter: 3 }) },
    ]);
    expect(step.exitCode).toBe(0);
    expect(step.log).toMatch(/is tried again in 3\.0 s, as the registry says/);
    const puts = proxy.requests.filter(
      ({ method, path, headers }) =>
        method === 'PUT' && manifest.path.test(path) && byUs?.(headers) === true,
    );
    expect((puts[1]?.atMs ?? 0) - (puts[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(2990);
  }, 90_000);

  it.concurrent('by 201 of which the answer is lost is found by its digest: there is no second push', async () => {
    const lost: Rule = { ...manifest, fault: { kind: 'loseAnswer', as: 'reset' }, which: once };
    const { step, proxy, image } = await buildThrough([
      lost,
      // Whatever BuildKit asks after that does not come through either.
      { ...manifest, when: byBuildkit, fault: { kind: 'resetRequest' } },
    ]);
    expect(step.exitCode).toBe(0);
    expect(valuesOf(step)).toHaveLength(1);
    expect(await digestOf(image, '1')).toBe(step.outputs.digest);
    const stored = proxy.requests.filter(
      ({ method, path, upstreamStatus }) =>
        method === 'PUT' && manifest.path.test(path) && upstreamStatus === 201,
    );
    expect(new Set(stored.map(({ path }) => path)).size).toBe(stored.length);
  }, 90_000);

  it.concurrent.each<[string, Rule, RegExp]>([
    [
      'a denial',
      { ...upload, fault: refusal(403, 'DENIED', 'requested access to the resource is denied') },
      /refused the push of .*denied/,
    ],
    [
      'a wrong name',
      { ...upload, fault: refusal(400, 'NAME_INVALID', 'invalid repository name') },
      /could not be pushed.*invalid repository name/,
    ],
    [
      'a repository that is missing',
      { ...upload, fault: refusal(404, 'NAME_UNKNOWN', 'repository name not known to registry') },
      /could not be pushed.*repository name not known to registry/,
    ],
    [
      'a full quota',
      { ...manifest, fault: refusal(403, 'DENIED', 'quota exceeded') },
      /quota exceeded/,
    ],
  ])(
    'by %s is not tried again',
    async (_name, rule, said) => {
      const { step, proxy, image } = await buildThrough([rule]);
      expect(step.exitCode).toBe(1);
      expect(step.annotations[0]?.message).toMatch(said);
      expect(step.log).not.toContain('tried again');
      const ours = proxy.requests.filter(
        ({ method, headers }) => method !== 'GET' && method !== 'HEAD' && byUs?.(headers),
      );
      expect(ours).toEqual([]);
      expect(await digestOf(image, '1')).toBeUndefined();
      expect(step.outputs.reference).toBeUndefined();
    },
    60_000,
  );

  it.concurrent('ends when its time is over, with what the registry said last', async () => {
    const { step } = await buildThrough([{ ...manifest, fault: serverError(503) }], {
      'push-timeout': '2s',
    });
    expect(step.exitCode).toBe(1);
    expect(step.annotations[0]?.message).toMatch(/did not succeed in the time .*503/);
    expect(valuesOf(step)).toHaveLength(1);
  }, 60_000);
});

describe('the tag that another job moves between push and output', () => {
  it.concurrent('is told of, and the digest is ours', async () => {
    const other = randomDockerfile();
    using space = workspace({ Dockerfile: other });
    const before = await space.build({ inputs: { tags: 'theirs', cache: 'off' } });
    const theirs = before.outputs.digest ?? '';
    const bytes = await content(space.image, `manifests/${theirs}`);
    await using proxy = await startFaultProxy({ target: `http://${addresses.registry}` });
    const isAsked = { method: 'HEAD', path: /\/manifests\/ours$/, when: byUs };
    let moved = false;
    proxy.add({
      ...isAsked,
      when: () => proxy.requests.some(({ path, method }) => method === 'PUT' && /ours$/.test(path)),
      fault: { kind: 'delay', beforeForwardingMs: 1500 },
    });
    const move = setInterval(() => {
      const isPushed = proxy.requests.some(
        ({ path, status }) => /manifests\/ours$/.test(path) && status === 201,
      );
      if (!isPushed || moved) return;
      moved = true;
      void fetch(`http://${space.image.replace('/', '/v2/')}/manifests/ours`, {
        method: 'PUT',
        headers: { 'content-type': JSON.parse(bytes.toString()).mediaType },
        body: new Uint8Array(bytes),
      });
    }, 10);
    const step = await space
      .build({
        inputs: {
          ...{ tags: 'ours', cache: 'off', 'build-args': 'OTHER=1', labels: 'x=y' },
          image: space.image.replace(addresses.registry, proxy.address),
        },
      })
      .finally(() => clearInterval(move));
    expect(step.exitCode).toBe(0);
    expect(step.outputs.digest).not.toBe(theirs);
    expect(await digestOf(space.image, 'ours')).toBe(theirs);
    const warning = `was moved by another job and names ${theirs} now`;
    expect(step.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining(warning) },
    ]);
    expect(step.summary).toContain('moved by another job');
  }, 90_000);
});

describe('a cache', () => {
  it.concurrent.each<[string, Rule, string]>([
    [
      'that cannot be written',
      { method: 'PUT', path: /\/manifests\/buildcache/, fault: serverError(500) },
      'could not be written',
    ],
    [
      'that cannot be read',
      { method: ['GET', 'HEAD'], path: /\/manifests\/buildcache/, fault: serverError(500) },
      'could not be read',
    ],
    [
      'that may not be read',
      {
        ...{ method: ['GET', 'HEAD'], path: /\/manifests\/buildcache/ },
        fault: refusal(403, 'DENIED', 'denied'),
      },
      'could not be read',
    ],
  ])(
    '%s is a warning, and the build goes on',
    async (_name, rule, said) => {
      const { step, proxy, image } = await buildThrough([rule], { cache: 'registry' });
      expect(step.exitCode).toBe(0);
      expect(proxy.fired(rule)).toBeGreaterThan(0);
      expect(step.annotations[0]?.message).toContain(said);
      expect(step.annotations.filter(({ level }) => level !== 'warning')).toEqual([]);
      expect(await digestOf(image, '1')).toBe(step.outputs.digest);
    },
    60_000,
  );
});
