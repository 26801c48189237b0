import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { addresses } from '../../lab/addresses.ts';
import { pushImage, pushIndex } from '../../lab/registry/pushImage.ts';
import { trivyDbRepository as database } from '../../lab/trivy-db/trivyDb.ts';
import { startAction } from '../startAction.ts';
import { contents, ownRepository, push } from './images.ts';

const none = '{"CRITICAL":0,"HIGH":0,"MEDIUM":0,"LOW":0,"UNKNOWN":0}';

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'trivy-gate-test-'));
  folders.push(path);
  return path;
}
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

describe('an image in which nothing counts', () => {
  it('passes, and the report outlives the step outside of the workspace', async () => {
    const image = await push(contents.clean);
    const workspace = folder();
    const RUNNER_TEMP = folder();
    const step = await startAction('trivy-gate', {
      inputs: { image, 'db-repository': database },
      workspace,
      env: { RUNNER_TEMP },
    });
    expect(step.annotations).toEqual([]);
    expect(step.exitCode).toBe(0);
    expect(step.outputs).toEqual({
      verdict: 'pass',
      digest: image.split('@')[1],
      findings: none,
      'new-findings': none,
      waived: '0',
      'exit-reason': `No CRITICAL finding in ${image}.`,
      report: expect.stringContaining(RUNNER_TEMP),
      sarif: expect.stringContaining(RUNNER_TEMP),
      junit: expect.stringContaining(RUNNER_TEMP),
      'database-digest': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      'database-age': expect.stringMatching(/^\d+\.\d$/),
    });
    expect(step.summary).toMatch(/^## ✅ Trivy gate: pass\n/);
    const report = JSON.parse(readFileSync(step.outputs.report ?? '', 'utf8'));
    expect(report).toMatchObject({ SchemaVersion: 2, ArtifactName: image });
    expect(existsSync(join(workspace, 'report.json'))).toBe(false);
  });
});

describe('an image with a CRITICAL finding', () => {
  it('by its tag: the step fails, the annotation names the worst, the summary the digest', async () => {
    const repository = ownRepository();
    const image = await pushImage({ repository, tag: '1.4', files: contents.critical });
    const step = await startAction('trivy-gate', {
      inputs: { image: `${addresses.registry}/${repository}:1.4`, 'db-repository': database },
    });
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toEqual([
      {
        level: 'error',
        properties: {},
        message: `1 CRITICAL finding in ${image}: minimist 0.0.8 (CVE-2021-44906), fixed in 1.2.6 or 0.2.4. Update minimist to 0.2.4 and build the image again.`,
      },
    ]);
    expect(step.outputs).toMatchObject({
      verdict: 'violation',
      digest: image.split('@')[1],
      findings: expect.stringContaining('"CRITICAL":1'),
    });
    expect(step.summary).toMatch(/^## ❌ Trivy gate: violation\n/);
    expect(step.summary).toContain('| Tag | 1.4, which named at that time <code>sha256');
    expect(step.summary).toContain('<code>CVE-2021-44906</code>');
  });

  it('goes on with on-violation: warn, and stays a violation', async () => {
    const step = await startAction('trivy-gate', {
      inputs: {
        image: await push(contents.critical),
        'db-repository': database,
        'on-violation': 'warn',
      },
    });
    expect(step.exitCode).toBe(0);
    expect(step.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('minimist 0.0.8') },
    ]);
    expect(step.outputs.verdict).toBe('violation');
    expect(step.summary).toContain('The step goes on all the same (on-violation:');
  });

  it('is not saved by trivy.yaml, .trivyignore and variables of Trivy', async () => {
    const workspace = folder();
    writeFileSync(join(workspace, '.trivyignore'), 'CVE-2021-44906\n');
    writeFileSync(join(workspace, 'trivy.yaml'), 'severity: [LOW]\nignorefile: .trivyignore\n');
    const step = await startAction('trivy-gate', {
      inputs: { image: await push(contents.critical), 'db-repository': database },
      workspace,
      env: {
        TRIVY_SEVERITY: 'LOW',
        TRIVY_SKIP_DIRS: '/app',
        TRIVY_IGNOREFILE: join(workspace, '.trivyignore'),
      },
    });
    expect(step.outputs.verdict).toBe('violation');
  });
});

describe('an index', () => {
  it('is judged by all of its platforms; attestations are skipped by name', async () => {
    const repository = ownRepository();
    const amd64 = await pushImage({ repository, files: contents.clean });
    const arm64 = await pushImage({
      repository,
      files: contents.critical,
      architecture: 'arm64',
    });
    const statement = await pushImage({ repository, files: contents.none });
    const image = await pushIndex(repository, {
      [amd64]: 'linux/amd64',
      [arm64]: 'linux/arm64',
      [statement]: 'unknown/unknown',
    });
    const step = await startAction('trivy-gate', { inputs: { image, 'db-repository': database } });
    expect(step.outputs.verdict).toBe('violation');
    expect(step.outputs.digest).toBe(image.split('@')[1]);
    expect(step.outputs.findings).toContain('"CRITICAL":1');
    expect(step.summary).toContain('linux/amd64, linux/arm64');
    expect(step.summary).toContain('1 attestation manifest (unknown/unknown)');
  });
});

describe('the policy', () => {
  it.each([
    ['a finding of a severity that was not asked for', contents.low, {}, 'pass'],
    [
      'one of the second severity',
      contents.low,
      { severity: 'CRITICAL,HIGH,MEDIUM,LOW' },
      'violation',
    ],
    ['one without a fix', contents.unfixed, { severity: 'CRITICAL,HIGH' }, 'violation'],
    [
      'one without a fix, ignored',
      contents.unfixed,
      { severity: 'CRITICAL,HIGH', 'ignore-unfixed': 'true' },
      'pass',
    ],
    ['one with a fix', contents.critical, { 'ignore-unfixed': 'true' }, 'violation'],
    ['an image without layers', contents.none, {}, 'pass'],
  ])('%s', async (_, files, inputs, verdict) => {
    const image = await push(files);
    const step = await startAction('trivy-gate', {
      inputs: { image, 'db-repository': database, ...inputs },
    });
    expect(step.outputs.verdict).toBe(verdict);
    expect(step.exitCode).toBe(verdict === 'pass' ? 0 : 1);
  });

  it('says that a distribution is at its end of life', async () => {
    const step = await startAction('trivy-gate', {
      inputs: { image: await push(contents.endOfLife), 'db-repository': database },
    });
    expect(step.summary).toContain('debian 9.13 is at its end of life');
    expect(step.outputs.verdict).toBe('pass');
  });
});
