import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { build } from '../../lab/buildkit/build.ts';
import { type GitHub, startGitHub } from '../../lab/doubles/github.ts';
import { labContext } from '../../lab/lab.ts';
import { type GateWorkspace, gateIn } from './gateIn.ts';
import { contents, npm, ownRepository, push } from './images.ts';
import { lockFile, storage } from './sources.ts';

const headSha = 'b'.repeat(40);

describe('on GitHub', () => {
  let github: GitHub;
  let workspace: GateWorkspace;
  beforeEach(async () => {
    github = await startGitHub({
      repositories: [
        {
          fullName: 'acme/web',
          pulls: [{ number: 7, headSha, headRef: 'x', baseRef: 'main', baseSha: 'a'.repeat(40) }],
        },
      ],
      tokens: {
        ghs_all: { 'pull-requests': 'write', 'security-events': 'write' },
        ghs_fork: { 'pull-requests': 'read', contents: 'read' },
      },
    });
    workspace = gateIn({
      'event.json': JSON.stringify({
        pull_request: { number: 7, head: { sha: headSha } },
        repository: { default_branch: 'main' },
      }),
    });
  });
  afterEach(async () => {
    workspace[Symbol.dispose]();
    await github[Symbol.asyncDispose]();
  });

  const gate = (version: string, token: string, inputs = {}) => {
    workspace.write('package-lock.json', lockFile(version));
    return workspace.gate(
      { 'scan-type': 'fs', comment: 'true', 'github-token': token, ...inputs },
      {
        env: {
          GITHUB_API_URL: github.url,
          GITHUB_EVENT_NAME: 'pull_request',
          GITHUB_EVENT_PATH: join(workspace.folder, 'event.json'),
          GITHUB_REF: 'refs/pull/7/merge',
        },
      },
    );
  };
  const comments = () => github.repository('acme/web').issues[0]?.comments ?? [];
  const uploads = () => github.repository('acme/web').sarifs;

  it('a pull request has one comment of the gate, which follows it; each gate has its own', async () => {
    const first = await gate('0.0.8', 'ghs_all');
    expect(first.outputs.verdict).toBe('violation');
    expect(comments()).toHaveLength(1);
    expect(comments()[0]?.body).toContain('CVE-2021-44906');
    const { id } = comments()[0] ?? {};
    const second = await gate('1.2.6', 'ghs_all');
    expect(second.outputs.verdict).toBe('pass');
    expect(comments()).toMatchObject([{ id, body: expect.not.stringContaining('CVE-2021-44906') }]);
    await gate('0.0.8', 'ghs_all', { category: 'other' });
    expect(comments()).toHaveLength(2);
  }, 30_000);

  it('a fork may not: it is a notice, and the verdict decides', async () => {
    const step = await gate('1.2.6', 'ghs_fork', { 'upload-sarif': 'true' });
    expect(step.annotations.map(({ level }) => level)).toEqual(['notice', 'notice']);
    expect(step.annotations[0]?.message).toMatch(/refused to comment on the pull request \(403\)/);
    expect(step.annotations[1]?.message).toMatch(/refused to take the SARIF file \(403\)/);
    expect(step.outputs.verdict).toBe('pass');
    expect(step.exitCode).toBe(0);
    expect([comments(), uploads()]).toEqual([[], []]);
  }, 30_000);

  it('code scanning gets the findings on the commit of the pull request', async () => {
    const step = await gate('0.0.8', 'ghs_all', { 'upload-sarif': 'true' });
    expect(step.outputs.verdict).toBe('violation');
    expect(uploads()).toMatchObject([{ commitSha: headSha, ref: 'refs/pull/7/head', errors: [] }]);
    const [result] = resultsOf(uploads()[0]?.sarif);
    expect(result).toMatchObject({
      ruleId: expect.stringContaining('CVE-2021-44906'),
      locations: [{ physicalLocation: { artifactLocation: { uri: 'package-lock.json' } } }],
      partialFingerprints: expect.anything(),
    });
  }, 30_000);

  it('an incomplete verdict gives code scanning nothing: it would close what was not seen', async () => {
    const step = await gate('0.0.8', 'ghs_all', {
      ...{ 'upload-sarif': 'true', 'scan-type': 'config' },
    });
    expect(step.outputs.verdict).toBe('incomplete');
    expect(uploads()).toEqual([]);
    expect(comments()[0]?.body).toContain('incomplete');
  }, 30_000);
});

function resultsOf(sarif: unknown): readonly object[] {
  return (sarif as { runs: { results: object[] }[] }).runs[0]?.results ?? [];
}

describe('annotations', () => {
  it('the root cause first, then the nine worst where the Dockerfile brought them in', async () => {
    const dockerfile = 'FROM scratch\nCOPY base /\nCOPY app /app\n';
    // Twelve that read differently: what reads the same is told once.
    const apps = Array.from({ length: 12 }, (_, at) => npm('minimist', `0.0.${at}`, `app/${at}`));
    const base = Object.entries(contents.clean).map(([path, text]) => [`base/${path}`, text]);
    using workspace = gateIn({
      ...{ 'docker/Dockerfile': dockerfile, Dockerfile: dockerfile },
      ...Object.fromEntries(base),
      ...Object.assign({}, ...apps),
    });
    const image = `${addresses.registry}/${ownRepository()}`;
    await build(labContext(silent), { context: workspace.folder, tag: `${image}:1` });
    const step = await workspace.gate({ image: `${image}:1`, dockerfile: 'docker/Dockerfile' });
    expect(step.annotations).toHaveLength(10);
    const [first, ...rest] = step.annotations;
    expect(first).toMatchObject({
      properties: {},
      message: expect.stringMatching(/^12 CRITICAL findings in /),
    });
    for (const { properties, message } of rest) {
      expect(message).toMatch(/^CRITICAL CVE-2021-44906: minimist 0\.0\.\d+:/);
      expect(properties).toMatchObject({ file: 'docker/Dockerfile', line: '3' });
    }
  }, 60_000);

  it('configuration is told at its own lines, from the root of the workspace', async () => {
    using workspace = gateIn({ 'infra/main.tf': storage('Allow') });
    const step = await workspace.gate({ 'scan-type': 'config', 'scan-ref': 'infra' });
    const [first, second] = step.annotations;
    expect(first?.message).toMatch(/^1 CRITICAL finding in infra/);
    expect(second?.properties).toMatchObject({ file: 'infra/main.tf' });
    const uris = resultsOf(JSON.parse(readFileSync(step.outputs.sarif ?? '', 'utf8')));
    expect(JSON.stringify(uris)).toContain('"uri":"infra/main.tf"');
  }, 30_000);
});

describe('files of the one scan', () => {
  it('JUnit, SARIF with what is waived marked, and both kinds of SBOM', async () => {
    const waiver = { id: 'CVE-2021-44906', owner: 'a', reason: 'b', expires: '2099-01-01' };
    using workspace = gateIn({ 'w.json': JSON.stringify([waiver]) });
    const image = await push({ ...contents.critical, ...contents.unfixed });
    const inputs = { image, waivers: 'w.json', severity: 'CRITICAL,HIGH' };
    const step = await workspace.gate({ ...inputs, sbom: 'cyclonedx' });
    expect(step.outputs).toMatchObject({ verdict: 'violation', waived: '1' });
    const file = (name: string) => readFileSync(step.outputs[name] ?? '', 'utf8');
    expect(file('junit')).toMatch(/<testsuites?[^>]* failures="1"/);
    const results = resultsOf(JSON.parse(file('sarif')));
    expect(results.filter((result) => 'suppressions' in result)).toHaveLength(1);
    expect(JSON.parse(file('sbom'))).toMatchObject({ bomFormat: 'CycloneDX' });
    expect(file('sbom')).toContain('pkg:npm/minimist@0.0.8');

    const other = await workspace.gate({ ...inputs, sbom: 'spdx-json' });
    const spdx = readFileSync(other.outputs.sbom ?? '', 'utf8');
    expect(JSON.parse(spdx)).toMatchObject({ spdxVersion: 'SPDX-2.3' });
    expect(spdx).toContain('pkg:npm/minimist@0.0.8');
  }, 30_000);

  it('the text of a secret is in none of them, nor in the summary', async () => {
    const token = `ghp_${'016C7fLlQwErTyUiOpAsDfGhJkZxCvBnM012'}`;
    using workspace = gateIn({
      '.env': `TOKEN=${token}\n`,
      'package-lock.json': lockFile('1.2.6'),
    });
    const step = await workspace.gate({ 'scan-type': 'fs', sbom: 'cyclonedx' });
    expect(step.outputs.verdict).toBe('violation');
    const files = ['report', 'sarif', 'junit', 'sbom'].map((name) =>
      readFileSync(step.outputs[name] ?? '', 'utf8'),
    );
    for (const told of [...files, step.summary, step.log])
      expect(told).not.toContain(token.slice(4));
  }, 30_000);
});
