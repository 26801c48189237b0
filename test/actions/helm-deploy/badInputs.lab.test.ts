import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startAction } from '../startAction.ts';
import { chart, kubeconfig, withProgram } from './cluster.ts';

const workspace = mkdtempSync(join(tmpdir(), 'helm-inputs-'));
mkdirSync(join(workspace, 'empty'));
mkdirSync(join(workspace, 'broken'));
writeFileSync(join(workspace, 'broken/Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
writeFileSync(join(workspace, 'broken/values.yaml'), 'image: [\n');
writeFileSync(join(workspace, 'list.yaml'), '- a\n- b\n');
writeFileSync(join(workspace, 'web.tgz'), 'not an archive');
afterAll(() => rmSync(workspace, { recursive: true }));

// A release that nobody has, in the namespace that every cluster has.
const good = { chart, release: 'bad-inputs', namespace: 'default', kubeconfig };
const nowhere = kubeconfig.replace(/server: .*/, 'server: https://127.0.0.1:19999');
const stranger = kubeconfig
  .replace(/client-certificate-data: .*/, 'token: unknown')
  .replace(/\n.*client-key-data: .*/, '');

describe('each wrong input is one annotation with its name, what was given, and the remedy', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['nothing', {}, ['Input chart is required and was not given.', 'Input release is required']],
    [
      'a chart that is not there',
      { ...good, chart: 'charts/web' },
      ['Input chart: is not there (given: "charts/web"). Write a folder, .tgz or manifest'],
    ],
    [
      'a folder that is no chart',
      { ...good, chart: 'empty' },
      [
        'Input chart: is not a chart: there is no Chart.yaml in it, no kustomization.yaml and no manifest (given: "empty").',
      ],
    ],
    [
      'an archive that is none',
      { ...good, chart: 'web.tgz' },
      ['Input chart: it is not a chart. The file is no archive'],
    ],
    [
      'a chart in a registry that is not there',
      { ...good, chart: 'oci://127.0.0.1:19999/charts/web:1.0.0' },
      ['Input chart: it cannot be fetched from its registry.'],
    ],
    [
      'values that are a list',
      { ...good, values: '- a' },
      [
        'Input values: is not a YAML mapping: line 1: it is not a mapping (found a list) (given: "- a"). Write `key: value` lines.',
      ],
    ],
    [
      'values that are not YAML',
      { ...good, values: 'a: 1\nb: [' },
      ['Input values: is not a YAML mapping: line 2: '],
    ],
    [
      'values with a key twice',
      { ...good, values: 'a: 1\na: 2' },
      ['line 2: Map keys must be unique'],
    ],
    [
      'a value file that is not there',
      { ...good, 'value-files': 'values.prod.yaml' },
      ['Input value-files: '],
    ],
    [
      'a value file that is a list',
      { ...good, 'value-files': 'list.yaml' },
      ['line 1: it is not a mapping (found a list)'],
    ],
    [
      'a name with capitals',
      { ...good, release: 'Web' },
      [
        'Input release: is not a release\'s name (given: "Web"). Write at most 53 lower-case letters',
      ],
    ],
    [
      'an image by tag where a digest is required',
      { ...good, images: 'image=acme.azurecr.io/web:1', 'require-pinned': 'true' },
      ['Input images: acme.azurecr.io/web:1 is not pinned, and require-pinned is set.'],
    ],
    [
      'an image without a path',
      { ...good, images: 'acme.azurecr.io/web' },
      ['is not path=name@digest'],
    ],
    [
      'an image where the chart has a number',
      { ...good, images: `replicas=r.io/web@sha256:${'a'.repeat(64)}` },
      ["Input images: the chart's default at replicas is a number, not an image."],
    ],
    [
      'an image for a chart whose values are broken',
      { ...good, chart: 'broken', images: `image=r.io/web@sha256:${'a'.repeat(64)}` },
      ['Input chart: values.yaml of '],
    ],
    [
      'no time',
      { ...good, timeout: '0s' },
      ['Input timeout: is not between 1ms and 24h (given: "0s").'],
    ],
    [
      'a time without end',
      { ...good, timeout: '30d' },
      ['Input timeout: is not between 1ms and 24h'],
    ],
    [
      'a time without a unit',
      { ...good, timeout: '300' },
      ['Input timeout: is not a duration (given: "300").'],
    ],
    [
      'a word for a boolean',
      { ...good, 'create-namespace': 'yes' },
      ['Input create-namespace: is not a boolean'],
    ],
    [
      'a kubeconfig that is not one',
      { ...good, kubeconfig: 'not a kubeconfig' },
      ['Input kubeconfig: is neither a kubeconfig, nor base64 of one, nor the path of a file.'],
    ],
    [
      'a kubeconfig without a context',
      { ...good, kubeconfig: kubeconfig.replace(/current-context: .*/, '') },
      ['Input kubeconfig: it cannot be used. It has no `current-context`.'],
    ],
    [
      'an API server that is not there',
      { ...good, kubeconfig: nowhere },
      [
        'Input kubeconfig: the API server https://127.0.0.1:19999 does not answer. Nothing listens there (connection refused).',
      ],
    ],
    [
      'a user that the API server does not know',
      { ...good, kubeconfig: stranger },
      ['does not accept its user (401). Renew its token'],
    ],
    [
      'a kubeconfig whose program fails',
      { ...good, kubeconfig: withProgram('false') },
      [
        'Input kubeconfig: the program sh that logs in to the cluster failed. It says: no login. Log in',
      ],
    ],
    [
      'a namespace that is not there',
      { ...good, namespace: 'no-such-namespace' },
      ['Input namespace: the cluster has no namespace no-such-namespace.'],
    ],
  ])(
    '%s',
    async (_name, inputs, said) => {
      const step = await startAction('helm-deploy', { workspace, inputs });
      const errors = step.annotations.filter(({ level }) => level === 'error');
      expect(errors).toMatchObject(
        said.map((text) => ({ message: expect.stringContaining(text) })),
      );
      expect(step.exitCode).toBe(1);
      expect(step.outputs.revision).toBeUndefined();
    },
    60_000,
  );

  it.each<[string, Record<string, string>, string]>([
    ['no kubeconfig at all', { HOME: '/nowhere' }, 'There is no kubeconfig.'],
    [
      'KUBECONFIG of a file that is not there',
      { KUBECONFIG: '/nowhere/config' },
      'The kubeconfig /nowhere/config that KUBECONFIG names is not there.',
    ],
  ])('%s', async (_name, env, said) => {
    const { kubeconfig: _, ...inputs } = good;
    // Go would want a place for its cache.
    const home = { XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache') };
    const step = await startAction('helm-deploy', { workspace, inputs, env: { ...home, ...env } });
    expect(step.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining(said) },
    ]);
    expect(step.exitCode).toBe(1);
  });

  it('never quotes a kubeconfig', async () => {
    const step = await startAction('helm-deploy', {
      workspace,
      inputs: { ...good, kubeconfig: 'token-that-is-secret' },
    });
    expect(step.log).not.toContain('token-that-is-secret');
  });
});
