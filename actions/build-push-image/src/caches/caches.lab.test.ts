import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keySigner, publicKeyOf } from '../../../../shared/evidence/keySigner.ts';
import { silent } from '../../../../shared/log/Log.ts';
import { formatReference, parseReference } from '../../../../shared/oci/Reference.ts';
import { run } from '../../../../shared/process/run.ts';
import { addresses } from '../../../../test/lab/addresses.ts';
import { startBuildkit, type TestBuildkit } from '../../../../test/lab/buildkit/startBuildkit.ts';
import { freshRepository, testStep } from '../../../../test/lab/buildkit/testStep.ts';
import { startFaultProxy } from '../../../../test/lab/faults/faultProxy.ts';
import type { Rule } from '../../../../test/lab/faults/Rule.ts';
import { labContext } from '../../../../test/lab/lab.ts';
import { findBuilder } from '../findBuilder.ts';
import { findCacheTroubles } from './findCacheTroubles.ts';
import { pinImports } from './pinImports.ts';
import { type CacheWishes, exportOf, importOf, planCache } from './planCache.ts';
import { readWrittenCache } from './readWrittenCache.ts';
import { resolveSignedCache } from './signed/resolveSignedCache.ts';
import { signCache } from './signed/signCache.ts';
import { tellOfCaches } from './tellOfCaches.ts';

const lab = labContext(silent);
let first: TestBuildkit;
let second: TestBuildkit;
beforeAll(async () => {
  [first, second] = await Promise.all([startBuildkit(lab), startBuildkit(lab)]);
}, 60_000);
afterAll(async () => {
  await Promise.all([first?.[Symbol.asyncDispose](), second?.[Symbol.asyncDispose]()]);
}, 30_000);

const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'sec1' })
    .toString();
const key = newKey();

interface Options {
  readonly branch?: string;
  readonly scope?: readonly string[];
  /** Signed caches: the key that signs, and the repository it says. */
  readonly signing?: { readonly signKey?: string; readonly repository?: string };
}

const runFacts = { commit: 'c0ffee', runId: '1' };

/** A build with the plan's caches, as the action does it. */
async function build(buildkit: TestBuildkit, image: string, dockerfile: string, options: Options) {
  using step = testStep();
  const { runner, registry } = step;
  const builder = await findBuilder(buildkit.address, runner);
  const branch = options.branch ?? 'main';
  const wishes: CacheWishes = {
    mode: undefined,
    given: { from: [], to: [] },
    image: parseReference(image),
    push: true,
    noCache: false,
    scope: options.scope ?? [],
    branches: {
      branch,
      fallbacks: branch === 'main' ? [] : ['main'],
      defaultBranch: 'main',
      untrusted: false,
    },
    builder: { canExportCache: true },
  };
  const plan = planCache(wishes);
  const patience = { until: Date.now() + 20_000, log: runner.log };
  const signing = {
    trust: { keys: [publicKeyOf(key)] },
    repository: 'acme/web',
    defaultBranch: 'main',
  };
  const imports = options.signing
    ? await pinImports(
        plan.imports,
        (place) => resolveSignedCache(place, signing, registry, patience),
        runner.log,
      )
    : plan.imports.map(importOf);
  const metadataFile = join(runner.tempDir, 'metadata.json');
  const { exitCode, stderr } = await run({
    program: builder.program,
    args: [
      ...['build', '--builder', builder.name ?? '', '--progress', 'plain'],
      ...['--metadata-file', metadataFile, '--tag', `${image}:1`, '--push'],
      ...imports.flatMap((value) => ['--cache-from', value]),
      ...(plan.export === undefined ? [] : ['--cache-to', exportOf(plan.export)]),
      '-',
    ],
    input: dockerfile,
    env: builder.env,
  });
  tellOfCaches(findCacheTroubles(stderr), runner.log, plan.mayBeOutOfReach);
  const metadata = await readFile(metadataFile, 'utf8');
  const written = plan.export && readWrittenCache(metadata, plan.export);
  const { signKey, repository = 'acme/web' } = options.signing ?? {};
  if (signKey !== undefined && written !== undefined) {
    const origin = { repository, branch, tag: plan.export?.reference.tag ?? '' };
    await signCache(written, origin, runFacts, { signer: keySigner(signKey) }, registry, patience);
  }
  const { infos, warnings } = step;
  return { exitCode, cached: /^#\d+ CACHED$/m.test(lastRun(stderr)), written, infos, warnings };
}

/** What BuildKit said of the RUN step. */
function lastRun(output: string): string {
  const step = /^#(\d+) \[[^\]]*\] RUN /m.exec(output)?.[1];
  return output
    .split('\n')
    .filter((line) => line.startsWith(`#${step} `))
    .join('\n');
}

const dockerfile = () => `FROM busybox:1.36\nRUN echo ${Math.random()} > /x\n`;

describe('the cache in the registry', () => {
  it('is used on another machine, by its own branch and by others', async () => {
    const image = `${addresses.registry}/${freshRepository('cache')}`;
    const text = dockerfile();
    const one = await build(first, image, text, {});
    expect(one).toMatchObject({ exitCode: 0, cached: false, warnings: [] });
    expect(one.infos).toContain(`There is no cache at ${image}:buildcache-main yet.`);
    expect(one.written?.digest).toMatch(/^sha256:/);
    const two = await build(second, image, text, { branch: 'feature/x' });
    expect(two).toMatchObject({ exitCode: 0, cached: true, warnings: [] });
  }, 60_000);

  it('is another one for each platform that a job of its own builds', async () => {
    const image = `${addresses.registry}/${freshRepository('cache')}`;
    const one = await build(first, image, dockerfile(), { scope: ['linux/amd64'] });
    const two = await build(first, image, dockerfile(), { scope: ['linux/arm64'] });
    expect(one.written && formatReference(one.written)).not.toBe(
      two.written && formatReference(two.written),
    );
  }, 60_000);

  const reads = { method: ['GET', 'HEAD'], path: /manifests\/buildcache/ };
  const writes = { method: 'PUT', path: /manifests\/buildcache/ };
  const answer = (status: number) => ({ kind: 'answer' as const, status, body: '{}' });
  it.each<[string, Rule, RegExp]>([
    ['import 500', { ...reads, fault: answer(500) }, /could not be read.*500 .*A later run/],
    ['import 403', { ...reads, fault: answer(403) }, /could not be read.*403 .*Give this identity/],
    ['export 403', { ...writes, fault: answer(403) }, /not be written.*403 .*Give this identity/],
    ['export 429', { ...writes, fault: answer(429) }, /not be written.*429 .*limits requests/],
    ['export 500', { ...writes, fault: answer(500) }, /not be written.*500 .*A later run/],
  ])(
    '%s: a warning, and the image is there',
    async (_name, rule, said) => {
      await using proxy = await startFaultProxy({
        target: `http://${addresses.registry}`,
        rules: [rule],
      });
      const image = `${proxy.address}/${freshRepository('cache')}`;
      const built = await build(first, image, dockerfile(), {});
      expect(built.exitCode).toBe(0);
      expect(built.warnings).toContainEqual(expect.stringMatching(said));
    },
    60_000,
  );
});

describe.each([
  ['with the referrers API', addresses.referrersRegistry],
  ['without it', addresses.registry],
])('a signed cache, in a registry %s', (_name, host) => {
  const signed = { signing: { signKey: key } };

  it('is imported when the default branch wrote and signed it', async () => {
    const image = `${host}/${freshRepository('signed')}`;
    const text = dockerfile();
    await build(first, image, text, signed);
    const two = await build(second, image, text, { branch: 'x', signing: {} });
    expect(two).toMatchObject({ exitCode: 0, cached: true, warnings: [] });
  }, 60_000);

  it.each<[string, Options, RegExp]>([
    [
      'nobody signed',
      { signing: {} },
      /is not used: nobody signed it\. It has to be signed by main/,
    ],
    ['another key signed', { signing: { signKey: newKey() } }, /is not used: .* another key/],
    [
      'another repository wrote',
      { signing: { signKey: key, repository: 'eve/web' } },
      /signed for the repository eve\/web, not acme\/web/,
    ],
  ])(
    'that %s is not',
    async (_what, options, why) => {
      const image = `${host}/${freshRepository('signed')}`;
      const text = dockerfile();
      await build(first, image, text, options);
      const two = await build(second, image, text, { signing: {} });
      expect(two).toMatchObject({ exitCode: 0, cached: false });
      expect(two.warnings).toEqual([expect.stringMatching(why)]);
    },
    60_000,
  );

  it('that another branch wrote is not, whoever signed it', async () => {
    const image = `${host}/${freshRepository('signed')}`;
    const text = dockerfile();
    await build(first, image, text, { branch: 'x', ...signed });
    const two = await build(second, image, text, { branch: 'x', signing: {} });
    expect(two).toMatchObject({ cached: false, warnings: [] });
  }, 60_000);

  it('of which the tag was moved to another one is not', async () => {
    const image = `${host}/${freshRepository('signed')}`;
    const text = dockerfile();
    await build(first, image, text, signed);
    // Whoever may push moves the tag: to content of his own, or to a cache that was signed for a branch.
    using step = testStep();
    const { written } = await build(first, image, dockerfile(), { branch: 'evil', ...signed });
    if (written === undefined) throw new Error('No cache was written.');
    const { bytes, mediaType } = await step.registry.manifest(written);
    const moved = { ...parseReference(image), tag: 'buildcache-main' };
    const other = Buffer.concat([bytes, Buffer.from('\n')]);
    await step.registry.putManifest(moved, other, mediaType);
    expect((await build(second, image, text, { signing: {} })).warnings).toEqual([
      expect.stringContaining('nobody signed it'),
    ]);
    await step.registry.putManifest(moved, bytes, mediaType);
    expect((await build(second, image, text, { signing: {} })).warnings).toEqual([
      expect.stringContaining('signed for the branch evil, not main'),
    ]);
  }, 60_000);
});
