import { describe, expect, it } from '@jest/globals';
import type { Permissions } from '../../test/lab/doubles/github/GitHubState.ts';
import { makeGitHub } from '../../test/lab/doubles/github.ts';
import type { Asked } from '../../test/lab/doubles/serve.ts';
import { Failure } from '../failure/Failure.ts';
import type { Http } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { parseDigest, parseReference, pin } from '../oci/Reference.ts';
import { askGitHub } from './askGitHub.ts';
import { findDeployed } from './findDeployed.ts';
import type { GitHub } from './GitHub.ts';
import { openDeployment } from './openDeployment.ts';
import { recordArtifacts } from './recordArtifacts.ts';
import { setDeploymentStatus } from './setDeploymentStatus.ts';

const sha = 'f'.repeat(40);
const all: Permissions = { deployments: 'write', 'artifact-metadata': 'write' };

/** The double without a server; `lose` loses the answer of the first such request. */
function start(permissions: Permissions = all, lose = '') {
  const double = makeGitHub({
    repositories: [{ fullName: 'acme/web', refs: { main: sha } }],
    tokens: { token: permissions },
  });
  // The running job is a check that has not succeeded yet.
  double.repository('acme/web').checks.set(sha, { ci: 'pending' });
  let lost = false;
  const http: Http = async ({ method = 'GET', url, headers, body }) => {
    const { pathname: path, searchParams: query, origin } = new URL(url);
    const asked = { method, path, query, origin, headers: { ...headers, 'user-agent': 'test' } };
    const answer = double.handle({ ...asked, body: Buffer.from(body ?? '') } as unknown as Asked);
    if (!lost && lose !== '' && `${method} ${path}`.startsWith(lose)) {
      lost = true;
      throw new Failure({ what: 'No answer.' });
    }
    const {
      status,
      headers: sent = {},
      body: said,
    } = answer as { status: number; headers?: object; body?: unknown };
    return {
      status,
      headers: { ...sent } as Record<string, string>,
      body: Buffer.from(JSON.stringify(said ?? null)),
    };
  };
  const github: GitHub = {
    ...{ http, apiUrl: 'https://api', token: 'token', repository: 'acme/web', log: silent },
    sleep: async () => {},
  };
  return { double, github, made: () => double.repository('acme/web').deployments };
}

const image = (letter: string, repository = 'r.io/team/web') =>
  pin(parseReference(repository), parseDigest(`sha256:${letter.repeat(64)}`));
const reference = `r.io/team/web@sha256:${'a'.repeat(64)}`;
const deployment = {
  ...{ environment: 'production', sha, key: '1/deploy/step', description: 'x'.repeat(300) },
  images: [{ name: 'web', reference }],
};
const logUrl = 'https://github.com/acme/web/actions/runs/1';
const status = { state: 'success', description: 'Ready\n::error::', logUrl } as const;

describe('a deployment', () => {
  it('is made though checks of its commit are open, and read as a baseline once it is a success', async () => {
    const { github } = start();
    const id = await openDeployment(github, deployment);
    const get = (path: string) => askGitHub(github, { path });
    const find = () => findDeployed(get, 'acme/web', 'production');
    await setDeploymentStatus(github, id, { ...status, state: 'in_progress' });
    expect(await find()).toEqual({ none: 'unrecorded' });
    await setDeploymentStatus(github, id, { ...status, environmentUrl: 'http://web.test' });
    expect(await find()).toMatchObject({ id, images: deployment.images });
  });

  it('is made once a step and images, however often the step runs', async () => {
    const { github, made } = start();
    const id = await openDeployment(github, deployment);
    expect(await openDeployment(github, deployment)).toBe(id);
    await openDeployment(github, { ...deployment, key: '2/deploy/step' });
    await openDeployment(github, { ...deployment, images: [] });
    expect(made()).toHaveLength(3);
  });

  it('is made once when the answer is lost', async () => {
    const { github, made } = start(all, 'POST /repos/acme/web/deployments');
    const id = await openDeployment(github, deployment);
    expect(made().map((one) => one.id)).toEqual([id]);
  });

  it('has statuses with addresses of the web only, and one line of text', async () => {
    const { github, made } = start();
    const id = await openDeployment(github, deployment);
    await setDeploymentStatus(github, id, { ...status, environmentUrl: 'tcp://10.0.0.1:5432' });
    expect(made()[0]?.statuses).toMatchObject([
      { state: 'success', description: 'Ready ::error::', logUrl, environmentUrl: '' },
    ]);
  });

  it('that may not be made names the permission', async () => {
    for (const permissions of [{}, { deployments: 'read' }] as Permissions[]) {
      const { github } = start(permissions);
      await expect(openDeployment(github, deployment)).rejects.toThrow(
        /the permission deployments: (read|write)/,
      );
    }
    const { github } = start();
    const other = openDeployment({ ...github, repository: 'acme/none' }, deployment);
    await expect(other).rejects.toThrow(/the permission deployments: write/);
    const gone = openDeployment(github, { ...deployment, sha: '0'.repeat(40) });
    await expect(gone).rejects.toThrow(/No ref found/);
  });
});

describe('records of artifacts', () => {
  const records = {
    ...{ environment: 'production', cluster: 'a b/c', deployment: 'shop/web' },
    deployed: [image('a'), image('b'), image('c', 'r.io/db')],
  };
  const kept = ({ double }: ReturnType<typeof start>) =>
    double
      .organization('acme')
      .deploymentRecords.map(({ deployment_name: name, digest, status: state }) => [
        name,
        digest?.slice(7, 9),
        state,
      ]);

  it('are one an image, changed by the next deploy, and retired when the image has left', async () => {
    const lab = start();
    await recordArtifacts(lab.github, records);
    const names = ['shop/web/r.io/team/web', 'shop/web/r.io/team/web#2', 'shop/web/r.io/db'];
    expect(kept(lab)).toEqual([
      [names[0], 'aa', 'deployed'],
      [names[1], 'bb', 'deployed'],
      [names[2], 'cc', 'deployed'],
    ]);
    const next = {
      ...records,
      deployed: [image('d'), image('b')],
      retired: [image('c', 'r.io/db')],
    };
    await recordArtifacts(lab.github, next);
    expect(kept(lab)).toEqual([
      [names[0], 'dd', 'deployed'],
      [names[1], 'bb', 'deployed'],
      [names[2], 'cc', 'decommissioned'],
    ]);
    expect(lab.double.organization('acme').deploymentRecords[0]).toMatchObject({
      ...{ cluster: 'a b/c', logical_environment: 'production', name: 'r.io/team/web' },
    });
  });

  it('are nothing where nothing is pinned', async () => {
    const { github, double } = start({});
    await recordArtifacts(github, { ...records, deployed: [] });
    expect(double.requests).toEqual([]);
  });

  it('that may not be written name the permission', async () => {
    const { github } = start({ deployments: 'write' });
    await expect(recordArtifacts(github, records)).rejects.toThrow(/artifact-metadata: write/);
    const person = recordArtifacts({ ...github, repository: 'octocat/web' }, records);
    await expect(person).rejects.toThrow(/for organizations only/);
  });
});
