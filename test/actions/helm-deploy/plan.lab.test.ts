import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startGitHub } from '../../lab/doubles/github.ts';
import { startAction } from '../startAction.ts';
import { core, deploy, kubeconfig, namespace, revisions } from './cluster.ts';
import { workspaceOf } from './workspaceOf.ts';

/** Programs are found where they are, and no kubeconfig of a person is. */
const cache = { XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache') };

/** Keeps its plan outside of the step's folder, which the test's runner removes. */
function folder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'helm-plan-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

describe('plan', () => {
  it.concurrent('tells what changes, and holds a deploy to it', async () => {
    await using space = await namespace();
    using kept = folder();
    const plan = async (values: object) => {
      const file = join(kept.path, 'plan.json');
      const step = await deploy(
        space.name,
        { ...values },
        { inputs: { mode: 'plan' }, env: { RUNNER_TEMP: kept.path } },
      );
      const { plan: path } = step.outputs;
      if (path !== undefined) writeFileSync(file, readFileSync(path));
      return { step, file };
    };
    const first = await plan({ password: 'hunter22' });
    expect(first.step.annotations).toEqual([]);
    expect(JSON.parse(first.step.outputs.changed ?? '')).toEqual(['Deployment/web', 'Secret/web']);
    expect(first.step.summary).toContain('Nothing is deployed yet');
    expect(await revisions(space.name)).toEqual([]);
    await deploy(space.name, { password: 'hunter22' });

    const { step, file } = await plan({
      password: 'other-one',
      replicas: 2,
      env: [{ name: 'A', value: 'x1y2' }],
    });
    expect(step.outputs).toMatchObject({ 'manifest-digest': expect.stringMatching(/^sha256:/) });
    expect(step.summary).toContain('<code>spec.replicas</code> | <code>1</code> | <code>2</code>');
    expect(step.summary).toMatch(/data\.password<\/code> \| \*not shown\*/);
    const text = readFileSync(file, 'utf8');
    expect(text + step.summary + step.log).not.toMatch(/hunter22|other-one|b3RoZXIt|x1y2/);
    expect(await revisions(space.name)).toEqual(['1 deployed']);

    const go = (values: object) =>
      deploy(space.name, { ...values }, { inputs: { 'plan-file': file } });
    const wanted = { password: 'other-one', replicas: 2, env: [{ name: 'A', value: 'x1y2' }] };
    const other = await go({ ...wanted, replicas: 3 });
    expect(other.annotations.at(0)?.message).toContain('what is deployed is not what was planned');
    const at = { namespace: space.name, name: 'web' };
    const secret = await core.readNamespacedSecret(at);
    await core.replaceNamespacedSecret({ ...at, body: { ...secret, data: { password: 'eA==' } } });
    const moved = await go(wanted);
    expect(moved.annotations.at(0)?.message).toContain(
      'Input plan-file: Secret/web was changed since the plan.',
    );
    expect(await revisions(space.name)).toEqual(['1 deployed']);

    const anew = await plan({ ...wanted });
    expect(anew.step.outputs.plan).toBeDefined();
    expect((await go(wanted)).outputs).toMatchObject({ revision: '2', status: 'deployed' });
    const twice = await go(wanted);
    expect(twice.log).toContain('The saved plan is deployed already');
    await deploy(space.name, { replicas: 1 });
    const late = await go({ ...wanted });
    expect(late.annotations.at(0)?.message).toContain('the release is at revision');
  }, 120_000);

  it.concurrent('shows what leaves, what stays, what cannot change, and what a policy of Helm’s refuses', async () => {
    await using space = await namespace();
    const map = (name: string, more: object = {}) => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      ...{ metadata: { name, ...more }, data: { mode: name } },
    });
    const keep = { annotations: { 'helm.sh/resource-policy': 'keep' } };
    const service = (clusterIP?: string) => ({
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } },
      spec: { ports: [{ port: 80 }], selector: { app: 'none' }, ...(clusterIP && { clusterIP }) },
    });
    const step = async (mode: string, files: Record<string, object>) => {
      using folder = workspaceOf(files);
      return await startAction('helm-deploy', {
        workspace: folder.path,
        inputs: {
          ...{ mode, chart: 'k', release: 'web', namespace: space.name, kubeconfig },
          ...{ timeout: '60s', settle: '0s' },
        },
      });
    };
    const first = await step('deploy', {
      'k/a.json': map('a'),
      'k/b.json': map('b'),
      'k/c.json': map('c', keep),
      'k/s.json': service(),
    });
    expect(first.annotations).toEqual([]);
    const plan = await step('plan', { 'k/a.json': map('a'), 'k/s.json': service('None') });
    expect(plan.exitCode).toBe(1);
    expect(plan.annotations.at(0)?.message).toMatch(
      /Service\/s.*(cannot change|may not change|immutable)/s,
    );
    expect(plan.summary).toContain('A deploy would stop here:');
    expect(plan.summary).toContain('<code>ConfigMap/b</code> | removed');
    expect(plan.summary).toContain('<code>ConfigMap/c</code> | kept');
    expect(plan.summary).toContain('1 object unchanged');
    expect(await revisions(space.name)).toEqual(['1 deployed']);
  }, 60_000);

  it.concurrent('of kinds and a namespace that are not there yet', async () => {
    const space = `helm-${randomBytes(4).toString('hex')}`;
    const group = `${space}.test`;
    using files = workspaceOf({
      'k/crd.json': {
        ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
        metadata: { name: `widgets.${group}` },
        spec: {
          ...{ group, scope: 'Namespaced' },
          names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
          versions: [
            {
              ...{ name: 'v1', served: true, storage: true },
              schema: { openAPIV3Schema: { type: 'object' } },
            },
          ],
        },
      },
      'k/w.json': { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'w' } },
      'k/c.json': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } },
    });
    const plan = (inputs: Record<string, string>) =>
      startAction('helm-deploy', {
        workspace: files.path,
        inputs: {
          ...{ mode: 'plan', chart: 'k', release: 'web', namespace: space, kubeconfig },
          ...inputs,
        },
      });
    const step = await plan({ 'create-namespace': 'true' });
    expect(step.annotations).toEqual([]);
    expect(JSON.parse(step.outputs.changed ?? '')).toEqual([
      'ConfigMap/c',
      `CustomResourceDefinition/widgets.${group}`,
      'Widget/w',
    ]);
    expect(step.summary).toContain(`The cluster does not serve ${group} yet`);
    const refused = await plan({});
    expect(refused.exitCode).toBe(1);
    expect(refused.annotations.at(0)?.message).toContain(`the cluster has no namespace ${space}`);
  }, 60_000);

  it.concurrent('of a fork is made without a cluster', async () => {
    using kept = folder();
    const event = join(kept.path, 'event.json');
    const head = { repo: { full_name: 'you/web' } };
    writeFileSync(
      event,
      JSON.stringify({ repository: { full_name: 'acme/web' }, pull_request: { number: 7, head } }),
    );
    const step = await deploy(
      'default',
      { password: 'hunter22' },
      {
        inputs: { mode: 'plan', kubeconfig: '' },
        env: { GITHUB_EVENT_PATH: event, HOME: kept.path, ...cache },
      },
    );
    expect(step.exitCode).toBe(0);
    expect(step.annotations).toMatchObject([
      {
        level: 'notice',
        message: expect.stringContaining('pull requests of forks have no kubeconfig'),
      },
    ]);
    expect(step.summary).toContain('<code>Deployment/web</code>');
    expect(step.summary + step.log).not.toContain('hunter22');
    expect(step.outputs).toEqual({});
  }, 60_000);

  it.concurrent('is told in the pull request, in one comment', async () => {
    await using space = await namespace();
    await using github = await startGitHub({
      repositories: [
        {
          fullName: 'acme/web',
          pulls: [
            {
              ...{ number: 7, headSha: 'b'.repeat(40), headRef: 'x' },
              ...{ baseRef: 'main', baseSha: 'a'.repeat(40) },
            },
          ],
        },
      ],
      tokens: {
        ghs_all: { 'pull-requests': 'write' },
        ghs_fork: { 'pull-requests': 'read', contents: 'read' },
      },
    });
    using kept = folder();
    const event = join(kept.path, 'event.json');
    writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
    const plan = (replicas: number, token: string) =>
      deploy(
        space.name,
        { replicas },
        {
          inputs: { mode: 'plan', comment: 'true', 'github-token': token },
          env: { GITHUB_API_URL: github.url, GITHUB_EVENT_PATH: event },
        },
      );
    const comments = () => github.repository('acme/web').issues[0]?.comments ?? [];
    const denied = await plan(1, 'ghs_fork');
    expect(denied.exitCode).toBe(0);
    expect(denied.annotations).toMatchObject([
      { level: 'notice', message: expect.stringContaining('refused to comment') },
    ]);
    await plan(1, 'ghs_all');
    await plan(2, 'ghs_all');
    expect(comments()).toHaveLength(1);
    expect(comments()[0]?.body).toContain('Plan of release <code>web</code>');
  }, 60_000);
});
