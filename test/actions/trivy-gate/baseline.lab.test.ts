import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { deploymentPayload } from '../../../shared/github/DeploymentRecord.ts';
import { type GitHub, startGitHub } from '../../lab/doubles/github.ts';
import { pushImage } from '../../lab/registry/pushImage.ts';
import { gateIn } from './gateIn.ts';
import { contents, npm, ownRepository, push } from './images.ts';
import { unescaped } from './unescaped.ts';

/** HIGH, without a fix. */
const perl = 'CVE-2023-31484';

describe('a baseline: only what is new counts.', () => {
  const known = { ...contents.clean, ...npm('minimist', '0.0.8') };
  /** Beside the CRITICAL one that it had, a HIGH one. */
  const worse = { ...known, ...contents.unfixed };
  const severity = 'CRITICAL,HIGH';
  const one = { 'new-findings': expect.stringContaining('"CRITICAL":0,"HIGH":1') };
  const two = { 'new-findings': expect.stringContaining('"CRITICAL":1,"HIGH":1') };

  it('by reference: the old is listed, the new violates', async () => {
    using workspace = gateIn();
    const baseline = await push(known);
    const step = await workspace.gate({ image: await push(worse), baseline, severity });
    expect(step.outputs).toMatchObject({ ...one, verdict: 'violation' });
    expect(step.outputs.findings).toContain('"CRITICAL":1,"HIGH":1');
    expect(step.annotations.map(({ message }) => message).join()).not.toContain('minimist');
    expect(step.summary).toContain('minimist');
    expect(unescaped(step.summary)).toContain(baseline.split('@')[1]);

    const better = await workspace.gate({
      image: await push(known),
      baseline: await push(worse),
      severity,
    });
    expect(better.outputs).toMatchObject({ verdict: 'pass' });
    expect(better.summary).toContain(perl);
  }, 30_000);

  it('by report', async () => {
    using workspace = gateIn();
    const base = await workspace.gate({ image: await push(known), 'on-violation': 'warn' });
    workspace.write('base.json', readFileSync(base.outputs.report ?? ''));
    const step = await workspace.gate({
      ...{ image: await push(worse), baseline: 'report:base.json', severity },
    });
    expect(step.outputs).toMatchObject({ ...one, verdict: 'violation' });
  }, 30_000);

  it('by branch: what its tag names, and without one all is new', async () => {
    using workspace = gateIn();
    const repository = ownRepository();
    const image = await pushImage({ repository, files: worse });
    const env = { GITHUB_REF_NAME: 'feature/x' };
    const judge = () => workspace.gate({ image, baseline: 'branch:main', severity }, { env });
    const first = await judge();
    expect(first.outputs).toMatchObject({ ...two, verdict: 'violation' });
    expect(first.summary).toContain('there is no baseline');
    await pushImage({ repository, tag: 'main', files: known });
    expect((await judge()).outputs).toMatchObject({ ...one, verdict: 'violation' });
  }, 30_000);

  it('by environment: what its last deployment recorded, and GitHub has to answer', async () => {
    using workspace = gateIn();
    const repository = ownRepository();
    const image = await pushImage({ repository, files: worse });
    await using github = await startGitHub({
      repositories: [{ fullName: 'acme/web' }],
      tokens: { ghs_reads: { deployments: 'read' }, ghs_none: {} },
    });
    const judge = (token: string) =>
      workspace.gate(
        { image, baseline: 'environment:production', severity, 'github-token': token },
        { env: { GITHUB_API_URL: github.url } },
      );
    expect((await judge('ghs_reads')).outputs).toMatchObject({ ...two, verdict: 'violation' });
    const reference = await pushImage({ repository, files: known });
    deploy(github, deploymentPayload({ images: [{ name: 'web', reference }] }));
    expect((await judge('ghs_reads')).outputs).toMatchObject({ ...one, verdict: 'violation' });

    const denied = await judge('ghs_none');
    expect(denied.outputs).toMatchObject({ ...two, verdict: 'violation' });
    expect(denied.annotations[0]?.message).toContain('What is new cannot be told');
  }, 30_000);
});

/** A deployment to production that has succeeded. */
function deploy(github: GitHub, payload: Record<string, unknown>): void {
  const at = new Date().toISOString();
  const environment = 'production';
  github.repository('acme/web').deployments.push({
    ...{ id: 7, ref: 'main', sha: 'a'.repeat(40), task: 'deploy', payload, description: null },
    ...{ originalEnvironment: environment, environment, transient: false, production: true },
    ...{ createdAt: at, updatedAt: at },
    statuses: [
      {
        ...{
          id: 8,
          state: 'success',
          description: '',
          environment,
          environmentUrl: '',
          logUrl: '',
        },
        at,
      },
    ],
  });
}
