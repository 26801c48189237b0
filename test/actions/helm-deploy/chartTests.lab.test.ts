import { describe, expect, it } from '@jest/globals';
import { busybox, deploy, namespace } from './cluster.ts';
import { inMode } from './inMode.ts';
import { workspaceOf } from './workspaceOf.ts';

/** A chart with a test of these commands, and how it is cleaned up. */
const withTest = (
  commands: string,
  options: { readonly kind?: string; readonly policy?: string; readonly image?: string },
) => {
  const { kind = 'Pod', policy = 'before-hook-creation', image = busybox } = options;
  const spec = {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    containers: [{ name: 'check', image, command: ['sh', '-c', commands] }],
  };
  const annotations = { 'helm.sh/hook': 'test', 'helm.sh/hook-delete-policy': policy };
  return {
    'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
    'c/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    'c/templates/test.yaml': {
      ...(kind === 'Pod' ? { apiVersion: 'v1', kind } : { apiVersion: 'batch/v1', kind }),
      metadata: { name: 'web-test', annotations },
      spec: kind === 'Pod' ? spec : { backoffLimit: 0, template: { spec } },
    },
  };
};

describe('the tests of a chart', () => {
  it.concurrent.each<[string, string, Parameters<typeof withTest>[1], string]>([
    ['that pass', 'echo "::error::all is well"', {}, 'Pod/web-test'],
    [
      'that pass and are deleted at once',
      'echo all is well; sleep 1',
      { policy: 'hook-succeeded' },
      'Pod/web-test',
    ],
    ['of a Job', 'echo all is well', { kind: 'Job' }, 'Job/web-test → pod web-test-'],
  ])(
    '%s',
    async (_name, commands, options, name) => {
      await using space = await namespace();
      using files = workspaceOf(withTest(commands, options));
      const inputs = { chart: 'c', values: '' };
      await deploy(space.name, {}, { workspace: files.path, inputs });
      const step = await inMode('test', space.name);
      expect(step.annotations).toEqual([]);
      expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
      expect(step.log).toContain('all is well');
      expect(step.log).toContain(`${name}`);
      expect(step.summary).toContain('✅ passed');
    },
    60_000,
  );

  it.concurrent.each<[string, string, Parameters<typeof withTest>[1], RegExp]>([
    [
      'that fail',
      'echo checking; echo "Error: expected 200, got 503"; exit 3',
      {},
      /^Pod\/web-test → container check: .*exit code 3.* Its log says: Error: expected 200, got 503\./,
    ],
    [
      'that cannot begin',
      'true',
      { image: busybox.replace('busybox:1.36', 'nothing:1') },
      /^Pod\/web-test → container check: .*does not exist in the registry/,
    ],
  ])(
    '%s: the first annotation says why',
    async (_name, commands, options, message) => {
      await using space = await namespace();
      using files = workspaceOf(withTest(commands, options));
      await deploy(space.name, {}, { workspace: files.path, inputs: { chart: 'c', values: '' } });
      const step = await inMode('test', space.name);
      expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'violation' } });
      expect(step.annotations.at(0)?.message).toMatch(message);
      expect(step.summary).toContain('❌');
    },
    60_000,
  );

  it.concurrent('that are none', async () => {
    await using space = await namespace();
    await deploy(space.name);
    const step = await inMode('test', space.name);
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'incomplete' } });
    expect(step.annotations.at(0)?.message).toMatch(/^Release web has no tests\./);
  }, 60_000);
});
