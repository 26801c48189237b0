import { describe, expect, it } from '@jest/globals';
import { readAction } from '../../../scripts/actions.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { silent } from '../../../shared/log/Log.ts';
import { readInputs } from './inputs.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const defaults = {
  INPUT_IMAGE: `acme.azurecr.io/web@${digest}`,
  'INPUT_SCAN-TYPE': 'image',
  'INPUT_RECOMMEND-BASE': 'false',
  INPUT_COMMENT: 'false',
  'INPUT_UPLOAD-SARIF': 'false',
  INPUT_ISSUE: 'false',
  'INPUT_DB-REPOSITORY': 'mirror.gcr.io/aquasec/trivy-db:2\nghcr.io/aquasecurity/trivy-db:2\n',
  INPUT_TIMEOUT: '10m',
  'INPUT_ON-VIOLATION': 'fail',
  'INPUT_ON-INCOMPLETE': 'fail',
};

/** What runs, instead of one image. */
const running = { INPUT_IMAGE: '', 'INPUT_SCAN-TYPE': 'running', INPUT_NAMESPACES: 'apps' };

const cluster = { ...running, 'INPUT_SCAN-TYPE': 'cluster' };
const config = { INPUT_IMAGE: '', 'INPUT_SCAN-TYPE': 'config' };
const folder = { INPUT_IMAGE: '', 'INPUT_SCAN-TYPE': 'fs' };

function read(changed: Record<string, string>) {
  const warnings: string[] = [];
  const runner: Runner = {
    env: { ...defaults, ...changed },
    log: { ...silent, warning: (text) => warnings.push(text) },
    signal: new AbortController().signal,
    tempDir: '/temp',
    secrets: new Set(),
    mask() {},
    output() {},
    summary: async () => {},
    saveState() {},
    readState: () => undefined,
  };
  return { inputs: readInputs(runner), warnings };
}

describe('the inputs', () => {
  it('are typed', async () => {
    expect(await read({}).inputs).toMatchObject({
      target: {
        kind: 'image',
        image: { registry: 'acme.azurecr.io', repository: 'web', digest },
      },
      decide: {
        policy: { severities: new Set(['CRITICAL']), ignoreUnfixed: false },
        policyName: 'trivy-gate',
      },
      scan: {
        databases: [
          { registry: 'mirror.gcr.io', repository: 'aquasec/trivy-db', tag: '2' },
          { registry: 'ghcr.io', repository: 'aquasecurity/trivy-db', tag: '2' },
        ],
      },
      evidence: { attest: 'auto', reuse: false },
      reports: { comment: false, uploadSarif: false, issue: false },
      timeoutMs: 600_000,
      onViolation: 'fail',
      onIncomplete: 'fail',
    });
  });

  it.each([
    ['report', 'report'],
    ['sbom', 'sbom'],
    ['rootfs', 'filesystem'],
    ['config', 'config'],
  ])('scan-type %s is a path of the workspace: %s', async (type, kind) => {
    const changed = {
      ...{ 'INPUT_SCAN-TYPE': type, 'INPUT_SCAN-REF': 'inputs.test.ts', INPUT_IMAGE: '' },
      GITHUB_WORKSPACE: import.meta.dirname,
    };
    expect((await read(changed).inputs).target).toMatchObject({ kind, path: import.meta.filename });
  });

  it.each([
    ['', 'the workspace'],
    ['running', 'running'],
    ['.', 'the workspace'],
  ])('name the repository %j as a person does', async (given, name) => {
    const repository = {
      ...{ INPUT_IMAGE: '', 'INPUT_SCAN-TYPE': 'repo', 'INPUT_SCAN-REF': given },
      GITHUB_WORKSPACE: import.meta.dirname,
    };
    expect((await read(repository).inputs).target).toMatchObject({ kind: 'repository', name });
  });

  it('say what is judged in words, where nobody named a path', async () => {
    expect((await read(folder).inputs).target).toMatchObject({ name: 'the workspace' });
  });

  it.each([
    ['CRITICAL,HIGH', ['CRITICAL', 'HIGH']],
    ['critical, high', ['CRITICAL', 'HIGH']],
    ['CRITICAL\nHIGH\n', ['CRITICAL', 'HIGH']],
    ['CRITICAL,\n UNKNOWN', ['CRITICAL', 'UNKNOWN']],
    ['CRITICAL CRITICAL', ['CRITICAL']],
  ])('severity %j', async (given, expected) => {
    const { policy } = (await read({ INPUT_SEVERITY: given }).inputs).decide;
    expect([...policy.severities]).toEqual(expected);
  });

  it.each([
    ['HIGH', ['findings of CRITICAL do not count']],
    ['CRITICAL,LOW', ['findings of HIGH and MEDIUM do not count']],
    ['CRITICAL,HIGH', []],
    ['CRITICAL,UNKNOWN', []],
    ['UNKNOWN', []],
  ])('severity %s warns of what it leaves out', async (given, said) => {
    const { inputs, warnings } = read({ INPUT_SEVERITY: given });
    await inputs;
    expect(warnings).toEqual(said.map((text) => expect.stringContaining(text)));
  });

  it.each([
    [{ INPUT_IMAGE: '' }, 'Input image is required'],
    [{ 'INPUT_IMAGE-REF': 'web' }, 'Inputs image and image-ref are the same'],
    [{ INPUT_IMAGE: 'Acme/Web' }, 'Input image: is not the name of an image'],
    [{ INPUT_IMAGE: 'web@sha256:abc' }, '"sha256:abc" is not a digest'],
    [{ INPUT_IMAGE: 'web:1@2@3' }, 'more than one "@"'],
    [{ INPUT_IMAGE: '--version' }, 'Input image: is not the name of an image'],
    [
      { INPUT_SEVERITY: 'CRITCAL' },
      'Input severity: "CRITCAL" is not a severity (given: "CRITCAL"). Did you mean CRITICAL?',
    ],
    [{ INPUT_SEVERITY: 'HIGH,,SEVERE' }, '"SEVERE" is not a severity'],
    [{ INPUT_SEVERITY: ' , ' }, 'names no severity'],
    [{ 'INPUT_IGNORE-UNFIXED': 'yes' }, 'Input ignore-unfixed: is not a boolean'],
    [{ 'INPUT_DB-REPOSITORY': '# none' }, 'Input db-repository: names no repository'],
    [
      { 'INPUT_DB-REPOSITORY': 'ghcr.io/x\nhttps://ghcr.io/y' },
      'Input db-repository: is not the name of an image',
    ],
    [{ 'INPUT_MAX-IMAGE-SIZE': '10 gigs' }, 'Input max-image-size: is not a size'],
    [{ INPUT_TIMEOUT: '10' }, 'Input timeout: is not a duration'],
    [{ INPUT_TIMEOUT: '0s' }, 'Input timeout: is not between 1ms and 24h'],
    [{ INPUT_TIMEOUT: '1000h' }, 'Input timeout: is not between 1ms and 24h'],
    [
      { 'INPUT_ON-VIOLATION': 'ignore' },
      'Input on-violation: "ignore" is not what a verdict can do',
    ],
    [{ 'INPUT_ON-INCOMPLETE': 'pass' }, 'Input on-incomplete: "pass" is not what a verdict can do'],
  ])('%j is refused', async (given, said) => {
    const error = await read(given).inputs.catch((thrown: unknown) => thrown);
    expect((error as AggregateError).errors.map(String)).toEqual([expect.stringContaining(said)]);
  });

  it('warn of none that the runner sets though nobody gave it', async () => {
    const declared = Object.keys(readAction('trivy-gate').inputs ?? {});
    const empty = Object.fromEntries(
      declared.map((name) => [`INPUT_${name.toUpperCase()}`, ''] as const),
    );
    const { inputs, warnings } = read({ ...empty, ...defaults });
    await inputs;
    expect(warnings).toEqual([]);
  });

  it('of a report say which image it has to be about', async () => {
    const report = { 'INPUT_SCAN-TYPE': 'report', 'INPUT_SCAN-REF': '.' };
    expect((await read(report).inputs).target).toMatchObject({ kind: 'report', image: { digest } });
    const error = await read({ ...report, INPUT_IMAGE: 'acme.azurecr.io/web:1' }).inputs.catch(
      (thrown: unknown) => thrown,
    );
    expect((error as AggregateError).errors.map(String)).toEqual([
      expect.stringContaining('Input image has a tag and no digest'),
    ]);
  });

  it('of what runs name the registries that are logged in to, and no pod does', async () => {
    const inputs = await read({
      ...running,
      INPUT_NAMESPACES: 'apps',
      INPUT_REGISTRIES: 'acme.azurecr.io\n127.0.0.1:5000',
      'INPUT_AZURE-CLIENT-ID': '00000000-0000-0000-0000-000000000000',
      'INPUT_AZURE-TENANT-ID': 'acme.onmicrosoft.com',
    }).inputs;
    expect(inputs.target).toMatchObject({ kind: 'running', cluster: { namespaces: ['apps'] } });
    expect(inputs.login.map(({ registry, by }) => [registry, by])).toEqual([
      ['acme.azurecr.io', 'oidc'],
      ['127.0.0.1:5000', 'existing'],
    ]);
  });

  it('log in to the registry of the baseline, also where no image is judged', async () => {
    const given = {
      ...{ INPUT_IMAGE: '', INPUT_INPUT: '.', INPUT_BASELINE: 'acme.azurecr.io/web:main' },
      'INPUT_AZURE-MANAGED-IDENTITY': 'system',
    };
    const { login } = await read(given).inputs;
    expect(login).toMatchObject([{ registry: 'acme.azurecr.io', by: 'managed' }]);
  });

  it.each([
    [{ ...running, INPUT_NAMESPACES: '' }, 'Input namespaces is required for scan-type `running`'],
    [{ ...running, INPUT_BASELINE: 'branch:main' }, 'Input baseline is for one image'],
    [{ ...running, INPUT_SBOM: 'cyclonedx' }, 'Input sbom is for one image'],
    [{ ...running, INPUT_COMMENT: 'true', 'INPUT_GITHUB-TOKEN': 't' }, 'Input comment is for one'],
    [{ ...running, INPUT_ISSUE: 'true' }, 'Input issue is true, and there is no github-token'],
    [{ ...running, INPUT_REGISTRIES: 'https://a' }, '"https://a" is not the host of a registry'],
    [
      { ...running, 'INPUT_AZURE-MANAGED-IDENTITY': 'system' },
      'Input azure-managed-identity is given, and no registries',
    ],
    [{ INPUT_ISSUE: 'true', 'INPUT_GITHUB-TOKEN': 't' }, 'issues are of what runs'],
    [
      {
        ...{ INPUT_IMAGE: '', 'INPUT_SCAN-TYPE': 'repo' },
        'INPUT_SCAN-REF': 'https://user:pass@example.com/a.git',
      },
      'Input scan-ref: there is a user or a password in the address',
    ],
    [{ INPUT_INPUT: '.' }, 'Inputs image and input name two images'],
    [{ ...config, INPUT_SCANNERS: 'vuln' }, 'Trivy cannot look for vuln in configuration'],
    [{ ...config, INPUT_SCANNERS: 'misconfig,secret' }, 'Trivy cannot look for secret in'],
    [{ ...folder, INPUT_INPUT: '.' }, 'Inputs input and scan-type'],
    [{ ...folder, INPUT_ATTEST: 'true' }, 'Input attest is `true`, and what is judged is no image'],
    [{ INPUT_IMAGE: '', INPUT_INPUT: '.', INPUT_ATTEST: 'true' }, 'Input attest is `true`'],
    [
      { ...folder, INPUT_REUSE: 'on', 'INPUT_TRUSTED-ROOT': 'package.json' },
      'Input reuse is `on`, and what is judged is no image',
    ],
    [{ ...cluster, INPUT_BASELINE: 'branch:main' }, 'Input baseline: the reports of a cluster'],
  ])('%j does not go together', async (given, said) => {
    const error = await read(given).inputs.catch((thrown: unknown) => thrown);
    expect((error as AggregateError).errors.map(String)).toEqual([expect.stringContaining(said)]);
  });

  it.each<[Record<string, string>, string[]]>([
    [{ 'INPUT_TF-VARS': 'a.tfvars' }, ['Input tf-vars has no effect']],
    [{ ...folder, INPUT_PLATFORM: 'linux/amd64' }, ['Input platform has no effect']],
    [{ ...cluster, 'INPUT_SKIP-DIRS': 'a' }, ['Input skip-dirs has no effect']],
    [{ 'INPUT_SCAN-REF': '.' }, []],
    [{ ...folder, 'INPUT_SKIP-DIRS': 'a', 'INPUT_TF-VARS': 'a.tfvars' }, []],
  ])('%j warns of what it ignores', async (given, said) => {
    const { inputs, warnings } = read(given);
    await inputs;
    expect(warnings).toEqual(said.map((text) => expect.stringContaining(text)));
  });

  it('are all read before any is refused', async () => {
    const given = { INPUT_IMAGE: 'A', INPUT_SEVERITY: 'A', INPUT_TIMEOUT: 'A' };
    const error = await read(given).inputs.catch((thrown: unknown) => thrown);
    expect((error as AggregateError).errors).toHaveLength(3);
  });
});
