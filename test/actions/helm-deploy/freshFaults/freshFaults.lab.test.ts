import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startAction } from '../../startAction.ts';
import { kubeconfig, namespace } from '../cluster.ts';
import { workspaceOf } from '../workspaceOf.ts';
import { freshFaults } from './faults.ts';

const folder = mkdtempSync(join(tmpdir(), 'fresh-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The one that needs a change of what is followed; the others are rows of pure tables as well. */
const inShort = new Set(['migrationHook']);
const isFull = process.env.PLATFORM_ACTIONS_FULL === '1';
const faults = freshFaults(folder).filter(({ name }) => isFull || inShort.has(name));

async function deployChart(namespace: string, objects: readonly object[], timeout = '60s') {
  using workspace = workspaceOf({
    'chart/Chart.yaml': { apiVersion: 'v2', name: 'fresh', version: '1.0.0' },
    'chart/templates/all.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n'),
  });
  const inputs = { chart: 'chart', release: 'fresh', namespace, timeout, kubeconfig };
  return await startAction('helm-deploy', { workspace: workspace.path, inputs });
}

describe('faults by fresh eyes', () => {
  it.concurrent.each(faults)(
    '$name is named',
    async ({ before, objects, timeout, says }) => {
      await using space = await namespace();
      if (before !== undefined) {
        expect(await deployChart(space.name, before)).toMatchObject({ exitCode: 0 });
      }
      const step = await deployChart(space.name, objects, timeout);
      const [first] = step.annotations.filter(({ level }) => level === 'error');
      expect(first?.message).toMatch(says);
      expect(step.exitCode).toBe(1);
    },
    180_000,
  );
});
