import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addresses } from '../../test/lab/addresses.ts';
import { command } from '../../test/lab/command.ts';
import { labContext } from '../../test/lab/lab.ts';
import { pushImage, pushIndex } from '../../test/lab/registry/pushImage.ts';
import { writePulled } from '../../test/lab/registry/writePulled.ts';
import { trivyDbRepository } from '../../test/lab/trivy-db/trivyDb.ts';
import { httpClient } from '../http/request.ts';
import { httpStream } from '../http/stream.ts';
import { silent } from '../log/Log.ts';
import { type PinnedReference, parseDigest, parseReference, pin } from '../oci/Reference.ts';
import { RegistryClient } from '../oci/RegistryClient.ts';
import { fetchDatabase } from './fetchDatabase.ts';
import { inspectTarget } from './inspectTarget.ts';
import type { Database } from './provideDatabase.ts';
import type { Trivy } from './runTrivy.ts';
import type { ScanOptions } from './ScanOptions.ts';
import { sbomOf } from './sbomOf.ts';
import type { Scanner, Target } from './Target.ts';

let root: string;
let trivy: Trivy;
let database: Database;
const { env } = process;
const registry = new RegistryClient({
  http: httpClient({ env, log: silent }),
  stream: httpStream({ env }),
  credentialFor: async () => undefined,
});
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'targets-'));
  const tempDir = join(root, 'temp');
  mkdirSync(tempDir);
  const signal = new AbortController().signal;
  const path = await labContext(silent).program('trivy');
  trivy = { path, env, log: silent, secrets: [], signal, tempDir, timeoutMs: 120_000 };
  database = await fetchDatabase([parseReference(trivyDbRepository)], {
    registry,
    folder: join(root, 'databases'),
    patience: { until: Date.now() + 30_000, log: silent },
  });
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

type Files = Readonly<Record<string, string>>;

/** A folder with these files. */
function folder(files: Files): string {
  const path = mkdtempSync(join(root, 'given-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

async function inspect(
  target: Target,
  more: { scanners?: readonly Scanner[]; options?: ScanOptions } = {},
) {
  const keepIn = mkdtempSync(join(root, 'kept-'));
  const { tempDir } = trivy;
  return inspectTarget(target, { trivy, database, registry, tempDir, keepIn, ...more });
}

function lock(version: string): string {
  const packages = { 'node_modules/minimist': { version } };
  return JSON.stringify({ name: 'app', lockfileVersion: 3, packages }, null, 2);
}

/** It looks like one, and is none; in two parts, or those who watch our own code would see it. */
const token = `ghp_${'016C7fLlQwErTyUiOpAsDfGhJkZxCvBnM012'}`;
const bucket = (tls: string) =>
  `resource "azurerm_storage_account" "logs" {\n  name = "logs"\n  min_tls_version = "${tls}"\n}\n`;
const bom = (...components: object[]) =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
const minimist = (version: string) => ({
  ...{ type: 'library', name: 'minimist', version, 'bom-ref': 'a' },
  purl: `pkg:npm/minimist@${version}`,
});
const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n';

interface Expected {
  /** Ids that have to be among the findings; with none there are none. */
  readonly found?: readonly string[];
  /** Ids that must not be. */
  readonly clean?: readonly string[];
  readonly gap?: RegExp;
}

const cve = 'CVE-2021-44906';

describe('with the real Trivy', () => {
  it.each<[string, () => Target, Expected]>([
    ['a folder that passes', fs({ 'package-lock.json': lock('1.2.6') }), {}],
    ['a folder with a finding', fs({ 'package-lock.json': lock('0.0.8') }), { found: [cve] }],
    [
      'a folder with a secret',
      fs({ a: `t: ${token}`, 'package-lock.json': lock('1.2.6') }),
      { found: ['github-pat'] },
    ],
    ['a folder without packages', fs({ hello: 'x' }), { gap: /No package was found/ }],
    [
      'a folder of which one lock file is broken',
      fs({ 'package-lock.json': lock('1.2.6'), 'x/package-lock.json': '{"packages": ' }),
      { gap: /could not read x\/package-lock.json/ },
    ],
    [
      'a folder with files that would rule Trivy',
      fs({
        'package-lock.json': lock('0.0.8'),
        a: `t: ${token}`,
        '.trivyignore': `${cve}\n`,
        '.trivyignore.yaml': `vulnerabilities:\n  - id: ${cve}\n`,
        'trivy.yaml': 'severity: [LOW]\nscan:\n  skip-dirs: ["**"]\n',
        'trivy-secret.yaml': 'disable-rules:\n  - github-pat\n',
      }),
      { found: [cve, 'github-pat'] },
    ],
    [
      'a folder that is not there',
      () => ({ kind: 'filesystem', path: join(root, 'none') }),
      { gap: /no such file or directory/ },
    ],
    ['a repository that passes', repository('1.2.6'), {}],
    ['a repository with a finding', repository('0.0.8'), { found: [cve] }],
    [
      'an empty repository',
      () => ({ kind: 'repository', at: folder({ x: 'x' }) }),
      { gap: /No package/ },
    ],
    ['Terraform that passes', config({ 'main.tf': bucket('TLS1_2') }), { clean: ['AZU-0011'] }],
    ['Terraform with a finding', config({ 'main.tf': bucket('TLS1_0') }), { found: ['AZU-0011'] }],
    [
      'Terraform that is broken',
      config({ 'main.tf': bucket('TLS1_2'), 'b.tf': 'resource "x" {' }),
      { clean: ['AZU-0011'], gap: /could not read b.tf/ },
    ],
    [
      'Kubernetes',
      config({
        'pod.yaml': `${pod}    - { name: web, image: web, securityContext: { privileged: true } }\n`,
      }),
      { found: ['KSV-0017'] },
    ],
    [
      'a Dockerfile',
      config({ Dockerfile: 'FROM debian:12\nUSER web\nHEALTHCHECK CMD x\n' }),
      { clean: ['DS-0001', 'DS-0002'] },
    ],
    ['no configuration', config({ 'readme.txt': 'x' }), { gap: /No configuration was found/ }],
    ['an SBOM that passes', sbom(bom(minimist('1.2.6'))), {}],
    ['an SBOM with a finding', sbom(bom(minimist('0.0.8'))), { found: [cve] }],
    ['an SBOM of nothing', sbom(bom()), { gap: /no component/ }],
    ['an SBOM that is none', sbom('{"a":1}'), { gap: /could not scan the SBOM/ }],
  ])(
    '%s',
    async (_, target, { found = [], clean = [], gap }) => {
      const { inspection } = await inspect(target());
      const ids = inspection.findings.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining([...found]));
      for (const id of clean) expect(ids).not.toContain(id);
      if (found.length === 0 && clean.length === 0) expect(ids).toEqual([]);
      const said = inspection.gaps.map(({ what, why }) => `${what} ${why}`);
      if (gap === undefined) expect(said).toEqual([]);
      else expect(said[0]).toMatch(gap);
    },
    60_000,
  );

  it('options reach it: values of Helm and Terraform, folders left out', async () => {
    const chart = folder({
      'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'values.yaml': 'privileged: false\n',
      'templates/pod.yaml': `${pod}    - { name: web, image: web, securityContext: { privileged: {{ .Values.privileged }} } }\n`,
    });
    const values = join(folder({ 'v.yaml': 'privileged: true\n' }), 'v.yaml');
    const ids = async (options: ScanOptions) =>
      (await inspect({ kind: 'config', path: chart }, { options })).inspection.findings.map(
        ({ id }) => id,
      );
    expect(await ids({})).not.toContain('KSV-0017');
    expect(await ids({ helmValues: [values] })).toContain('KSV-0017');
    const path = folder({
      'package-lock.json': lock('1.2.6'),
      'x/package-lock.json': lock('0.0.8'),
    });
    const { inspection } = await inspect(
      { kind: 'filesystem', path },
      { options: { skipDirs: ['x'] } },
    );
    expect(inspection.findings).toEqual([]);
    expect(inspection.facts).toContainEqual({ name: 'Not looked at, as asked', value: 'x' });
  }, 60_000);

  it.each<[string, (layout: string) => Target, Expected]>([
    ['a layout', (path) => ({ kind: 'layout', path }), { found: [cve] }],
    ['an archive of OCI', (path) => ({ kind: 'archive', path: `${path}.tar` }), { found: [cve] }],
    ['one platform', (path) => ({ kind: 'layout', path, platform: 'linux/amd64' }), {}],
    [
      'the other platform',
      (path) => ({ kind: 'layout', path, platform: 'linux/arm64' }),
      { found: [cve] },
    ],
    [
      "an archive of Docker's own form",
      (path) => ({ kind: 'archive', path: `${path}.docker.tar` }),
      {},
    ],
    [
      'one of another platform than is wanted',
      (path) => ({ kind: 'archive', path: `${path}.docker.tar`, platform: 'linux/arm64' }),
      { gap: /says that it is of linux\/amd64, and linux\/arm64 was asked for/ },
    ],
  ])(
    'images on the disk: %s',
    async (_, target, { found = [], gap }) => {
      const repository = `test/trivy/${randomUUID().slice(0, 8)}`;
      const amd64 = await pushImage({ repository, files: npm('1.2.6') });
      const arm64 = await pushImage({ repository, files: npm('0.0.8'), architecture: 'arm64' });
      const index = await pushIndex(repository, { [amd64]: 'linux/amd64', [arm64]: 'linux/arm64' });
      const layout = await writePulled(pinned(index), registry, root);
      const { inspection } = await inspect(target(layout));
      expect(inspection.findings.map(({ id }) => id)).toEqual(found);
      if (gap === undefined) expect(inspection.gaps).toEqual([]);
      else expect(inspection.gaps[0]?.what).toMatch(gap);
    },
    60_000,
  );

  it('a Java archive that names no module: what else there is is judged', async () => {
    // An empty ZIP, which is ASCII.
    const jar = `PK\u0005\u0006${'\0'.repeat(18)}`;
    const repository = `test/trivy/${randomUUID().slice(0, 8)}`;
    const name = await pushImage({ repository, files: { ...npm('0.0.8'), 'app/lib.jar': jar } });
    const { inspection } = await inspect({ kind: 'image', image: pinned(name) });
    expect(inspection.findings.map(({ id }) => id)).toEqual([cve]);
    expect(inspection.gaps.map(({ what }) => what)).toEqual(['The Java archives were not judged.']);
  }, 60_000);

  it('a disk that is full: nothing passes, and it is said', async () => {
    const repository = `test/trivy/${randomUUID().slice(0, 8)}`;
    const name = await pushImage({
      repository,
      files: { a: 'x'.repeat(4_000_000), ...npm('1.2.6') },
    });
    const archive = `${await writePulled(pinned(name), registry, root)}.tar`;
    const disk = mkdtempSync(join(root, 'disk-'));
    await command('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]);
    try {
      await expect(
        inspectTarget(
          { kind: 'archive', path: archive, name: 'web.tar' },
          { trivy: { ...trivy, tempDir: disk }, database, registry, tempDir: disk, keepIn: disk },
        ),
      ).rejects.toThrow(/web\.tar could not be opened\..*ENOSPC.*Free some disk/);
    } finally {
      await command('umount', [disk]);
    }
  }, 60_000);

  it('an image that is larger than was allowed', async () => {
    const repository = `test/trivy/${randomUUID().slice(0, 8)}`;
    const name = await pushImage({ repository, files: { a: 'x'.repeat(100_000) } });
    const { inspection } = await inspect(
      { kind: 'image', image: pinned(name) },
      { options: { maxImageSize: '10kB' } },
    );
    expect(inspection.gaps[0]?.why).toContain('exceeds maximum allowed size');
    expect(inspection.gaps[0]?.remedy).toContain('max-image-size');
  }, 60_000);

  it('a layer that expands to far more than the registry stores: Trivy is stopped in time', async () => {
    const repository = `test/trivy/${randomUUID().slice(0, 8)}`;
    const bomb = { path: 'app/package.json', mebibytes: 4096 };
    const name = await pushImage({ repository, files: npm('1.2.6'), bomb });
    const most = 200 * 1024 ** 2;
    const { tempDir } = trivy;
    const { inspection } = await inspectTarget(
      { kind: 'image', image: pinned(name) },
      {
        trivy: { ...trivy, mostScratchBytes: most },
        ...{ database, registry, tempDir, keepIn: mkdtempSync(join(root, 'kept-')) },
      },
    );
    expect(inspection.gaps[0]?.what).toContain('had unpacked more than 200 MiB at once');
    expect(readdirSync(tempDir).filter((entry) => entry.startsWith('scratch-'))).toEqual([]);
  }, 60_000);

  it('an image of the registry: each layer by what made it, and an SBOM of the kept report', async () => {
    const name = parseReference(`${addresses.registry}/library/debian:bookworm-slim`);
    const { digest } = await registry.manifest(name);
    const { inspection, reports } = await inspect({ kind: 'image', image: { ...name, digest } });
    expect(inspection.findings.map(({ id }) => id)).toContain('CVE-2022-48303');
    expect(inspection.findings[0]?.layer?.diffId).toMatch(/^sha256:/);
    expect(inspection.database?.digest).toBe(database.digest);
    const [report = ''] = reports;
    for (const format of ['cyclonedx', 'spdx-json'] as const) {
      const output = join(root, `sbom.${format}`);
      await sbomOf(trivy, { report, format, output });
      const text = readFileSync(output, 'utf8');
      expect(text).toContain(format === 'cyclonedx' ? '"bomFormat": "CycloneDX"' : 'SPDX-2.3');
      expect(text).toContain('perl-base');
    }
  }, 60_000);
});

function npm(version: string): Files {
  const content = JSON.stringify({ name: 'minimist', version });
  return { 'app/node_modules/minimist/package.json': content };
}

function pinned(text: string): PinnedReference {
  const reference = parseReference(text);
  return pin(reference, parseDigest(reference.digest ?? ''));
}

function fs(files: Files): () => Target {
  return () => ({ kind: 'filesystem', path: folder(files) });
}

function config(files: Files): () => Target {
  return () => ({ kind: 'config', path: folder(files) });
}

function repository(version: string): () => Target {
  return () => ({ kind: 'repository', at: folder({ 'package-lock.json': lock(version) }) });
}

function sbom(text: string): () => Target {
  return () => ({ kind: 'sbom', path: join(folder({ 'bom.json': text }), 'bom.json') });
}
