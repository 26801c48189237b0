import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { core, deploy, namespace, revisions } from './cluster.ts';

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
});
