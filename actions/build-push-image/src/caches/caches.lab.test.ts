import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keySigner, publicKeyOf } from '../../../../shared/evidence/keySigner.ts';
import { silent } from '../../../../shared/log/Log.ts';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { resolveDigest } from '../../../../shared/oci/resolveDigest.ts';
import { run } from '../../../../shared/process/run.ts';
import { addresses } from '../../../../test/lab/addresses.ts';
import { authority } from '../../../../test/lab/authority.ts';
import { plainSteps } from '../../../../test/lab/buildkit/plainSteps.ts';
import { startBuildkit, type TestBuildkit } from '../../../../test/lab/buildkit/startBuildkit.ts';
import { freshRepository, testStep } from '../../../../test/lab/buildkit/testStep.ts';
import { startFaultProxy } from '../../../../test/lab/faults/faultProxy.ts';
import type { Rule } from '../../../../test/lab/faults/Rule.ts';
import { labContext } from '../../../../test/lab/lab.ts';
import { acrRefreshToken } from '../../../../test/lab/registry/acr/acr.ts';
import { tokenUser } from '../../../../test/lab/registry/acr/tokenEndpoints.ts';
import { findBuilder } from '../findBuilder.ts';
import { openCaches } from './openCaches.ts';
import type { Signing } from './signed/openSigning.ts';
import { signCache } from './signed/signCache.ts';

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
  readonly platforms?: readonly string[];
  /** On GitHub. */
  readonly repository?: string;
  /** Caches are signed: by this key, or only read. */
  readonly signing?: Signing;
  readonly mounts?: boolean;
  readonly buildArgs?: readonly string[];
  readonly buildContexts?: readonly string[];
  /** A login, and whom to trust. */
  readonly env?: Readonly<Record<string, string>>;
  readonly ca?: string;
}

const reads = (pem: string): Signing => ({
  trust: { keys: [publicKeyOf(pem)] },
  signer: undefined,
});
const signs = (pem: string): Signing => ({ ...reads(pem), signer: { signer: keySigner(pem) } });

/** A build with its caches, as the action does it. */
async function build(buildkit: TestBuildkit, image: string, dockerfile: string, options: Options) {
  const job = { GITHUB_SHA: 'c0ffee', GITHUB_RUN_ID: '1' };
  const { repository = 'acme/web', env, ca } = options;
  using step = testStep({ ...job, GITHUB_REPOSITORY: repository, ...env }, ca);
  const { runner, registry } = step;
  const builder = await findBuilder(buildkit.address, runner);
  const { branch = 'main', buildArgs = [], buildContexts = [], platforms = [] } = options;
  const fallbacks = branch === 'main' ? [] : ['main'];
  const caches = await openCaches(
    {
      inputs: { mode: undefined, persistMounts: options.mounts ?? false, mountsLimitBytes: 2e9 },
      given: { from: [], to: [] },
      image: parseReference(image),
      push: true,
      noCache: false,
      signing: options.signing,
      branches: { branch, fallbacks, defaultBranch: 'main', untrusted: false },
      builder: { ...builder, canCacheExport: true, nativePlatform: 'linux/amd64' },
      dockerfile,
      target: undefined,
      ...{ platforms, buildArgs, buildContexts },
    },
    runner,
    registry,
  );
  const metadataFile = join(runner.tempDir, 'metadata.json');
  const { exitCode, stderr } = await run({
    program: builder.program,
    args: [
      ...['build', '--builder', builder.name ?? '', '--progress', 'plain'],
      ...['--metadata-file', metadataFile, '--tag', `${image}:1`, '--push'],
      ...buildArgs.flatMap((argument) => ['--build-arg', argument]),
      ...buildContexts.flatMap((context) => ['--build-context', context]),
      ...caches.arguments,
      '-',
    ],
    input: dockerfile,
    env: builder.env,
  });
  await caches.close(plainSteps(stderr), await readFile(metadataFile, 'utf8'));
  const { infos, warnings } = step;
  return {
    exitCode,
    // BuildKit does not always call a step cached whose layer it has to fetch; but then it prints nothing.
    cached: !/^#\d+ [\d.]+ ran /m.test(stderr),
    printed: stderr,
    tag: /ref=(\S+?),/.exec(caches.arguments.at(-1) ?? '')?.[1],
    infos,
    warnings,
  };
}

const dockerfile = () => `FROM busybox:1.36\nRUN echo ran ${Math.random()} | tee /x\n`;

describe('the cache in the registry', () => {
  it('is used on another machine, by its own branch and by others', async () => {
    const image = `${addresses.registry}/${freshRepository('cache')}`;
    const text = dockerfile();
    const one = await build(first, image, text, {});
    expect(one).toMatchObject({ exitCode: 0, cached: false, warnings: [] });
    expect(one.infos).toContain(`There is no cache at ${image}:buildcache-main yet.`);
    const two = await build(second, image, text, { branch: 'feature/x' });
    expect(two).toMatchObject({ exitCode: 0, cached: true, warnings: [] });
  }, 60_000);

  it('is another one for each platform that a job of its own builds', async () => {
    const image = `${addresses.registry}/${freshRepository('cache')}`;
    const one = await build(first, image, dockerfile(), { platforms: ['linux/amd64'] });
    const two = await build(first, image, dockerfile(), { platforms: ['linux/arm64'] });
    expect([one.tag, two.tag]).toEqual([
      expect.stringMatching(/:buildcache-main-linux-amd64-/),
      expect.stringMatching(/:buildcache-main-linux-arm64-/),
    ]);
  }, 60_000);

  const importing = { method: ['GET', 'HEAD'], path: /manifests\/buildcache/ };
  const exporting = { method: 'PUT', path: /manifests\/buildcache/ };
  const answer = (status: number) => ({ kind: 'answer' as const, status, body: '{}' });
  it.each<[string, Rule, RegExp]>([
    ['import 500', { ...importing, fault: answer(500) }, /could not be read.*500 .*A later run/],
    [
      'import 403',
      { ...importing, fault: answer(403) },
      /could not be read.*403 .*Give this identity/,
    ],
    [
      'export 403',
      { ...exporting, fault: answer(403) },
      /not be written.*403 .*Give this identity/,
    ],
    ['export 429', { ...exporting, fault: answer(429) }, /not be written.*429 .*limits requests/],
    ['export 500', { ...exporting, fault: answer(500) }, /not be written.*500 .*A later run/],
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
  const other = newKey();

  it('is imported when the default branch wrote and signed it', async () => {
    const image = `${host}/${freshRepository('signed')}`;
    const text = dockerfile();
    await build(first, image, text, { signing: signs(key) });
    const two = await build(second, image, text, { branch: 'x', signing: reads(key) });
    expect(two).toMatchObject({ exitCode: 0, cached: true, warnings: [] });
    // Nobody would use what another branch leaves.
    expect(two.tag).toBeUndefined();
  }, 60_000);

  it.each<[string, Options, RegExp]>([
    ['nobody signed', {}, /is not used: nobody signed it\. It has to be signed by main/],
    ['another key signed', { signing: signs(other) }, /is not used: .* another key/],
    [
      'another repository wrote',
      { signing: signs(key), repository: 'eve/web' },
      /signed for the repository eve\/web, not acme\/web/,
    ],
  ])(
    'that %s is not',
    async (_what, options, why) => {
      const image = `${host}/${freshRepository('signed')}`;
      const text = dockerfile();
      await build(first, image, text, options);
      const two = await build(second, image, text, { signing: reads(key) });
      expect(two).toMatchObject({ exitCode: 0, cached: false });
      expect(two.warnings).toEqual([expect.stringMatching(why)]);
    },
    60_000,
  );

  it('of which the tag was moved is not', async () => {
    const image = `${host}/${freshRepository('signed')}`;
    const text = dockerfile();
    await build(first, image, text, { signing: signs(key) });
    // Whoever may push moves the tag: to content of his own, or to what was signed for a branch.
    await build(first, image, dockerfile(), { branch: 'evil' });
    using step = testStep();
    const { registry } = step;
    const evil = await resolveDigest(
      { ...parseReference(image), tag: 'buildcache-evil' },
      registry,
    );
    const { bytes, mediaType } = await registry.manifest(evil);
    const moved = { ...parseReference(image), tag: 'buildcache-main' };
    await registry.putManifest(moved, bytes, mediaType);
    const unsigned = await build(second, image, text, { signing: reads(key) });
    expect(unsigned.warnings).toEqual([expect.stringContaining('nobody signed it')]);

    const origin = { repository: 'acme/web', branch: 'evil', tag: 'buildcache-evil' };
    const runFacts = { commit: 'c', runId: '1' };
    const patience = { until: Date.now() + 20_000, log: silent };
    await signCache(evil, origin, runFacts, { signer: keySigner(key) }, registry, patience);
    const signed = await build(second, image, text, { signing: reads(key) });
    expect(signed.warnings).toEqual([
      expect.stringContaining('signed for the branch evil, not main'),
    ]);
  }, 60_000);

  it('is the same for the contents of cache mounts', async () => {
    const name = freshRepository('signed');
    const image = `${host}/${name}`;
    const text = (what: string) =>
      `FROM busybox:1.36\nRUN --mount=type=cache,id=${name},target=/c echo ${what} >> /c/f; cat /c/f # ${Math.random()}\n`;
    await build(first, image, text('signed'), { mounts: true, signing: signs(key) });
    const two = await build(second, image, text('x'), { mounts: true, signing: reads(key) });
    expect(two.warnings).toEqual([]);
    expect(two.printed).toMatch(/ signed\n.* x\n/);
    await using third = await startBuildkit(lab);
    const three = await build(third, image, text('y'), { mounts: true, signing: reads(other) });
    expect(three.warnings).toHaveLength(2);
    expect(three.printed).not.toMatch(/ signed\n/);
  }, 60_000);
});

describe('cache mounts', () => {
  it('are those of the namespace and of the build contexts that the build has', async () => {
    const name = freshRepository('mounts');
    const image = `${addresses.registry}/${name}`;
    const options: Options = {
      mounts: true,
      buildArgs: [`BUILDKIT_CACHE_MOUNT_NS=${name}`, 'DIR=/c'],
      buildContexts: ['parent=docker-image://busybox:1.36'],
    };
    const text = (what: string) =>
      `FROM parent\nARG DIR\nRUN --mount=type=cache,target=$DIR echo ${what} >> /c/f; cat /c/f # ${Math.random()}\n`;
    const one = await build(first, image, text('one'), options);
    expect(one.warnings).toEqual([]);
    const two = await build(second, image, text('two'), options);
    expect(two.printed).toMatch(/ one\n.* two\n/);
  }, 60_000);
});

it('a registry that wants a login as ACR does keeps all of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docker-'));
  try {
    const { acr: host } = addresses;
    const password = await acrRefreshToken(lab, { oid: 'object', appid: 'application' });
    const auth = btoa(`${tokenUser}:${password}`);
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    const { cert } = await authority(lab);
    const options: Options = {
      mounts: true,
      env: { DOCKER_CONFIG: folder, SSL_CERT_FILE: cert },
      ca: await readFile(cert, 'utf8'),
    };
    const name = freshRepository('cache');
    const text = (what: string) =>
      `FROM busybox:1.36\nRUN echo ran ${name} | tee /x\nRUN --mount=type=cache,id=${name},target=/c echo ${what} >> /c/f; cat /c/f\n`;
    const image = `${host}/${name}`;
    const one = await build(first, image, text('one'), { ...options, signing: signs(key) });
    expect(one).toMatchObject({ exitCode: 0, warnings: [] });
    const two = await build(second, image, text('two'), { ...options, signing: reads(key) });
    expect(two).toMatchObject({ exitCode: 0, warnings: [], cached: true });
    expect(two.printed).toMatch(/ one\n.* two\n/);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
