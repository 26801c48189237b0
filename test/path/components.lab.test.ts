import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/actions.ts';
import { silent } from '../../shared/log/Log.ts';
import { labContext } from '../lab/lab.ts';
import { breakComponent, breaks, expectedCause } from './breakComponent.ts';
import { type Component, components } from './components.ts';
import { fetchPage } from './fetchPage.ts';
import { runWorkflow } from './runWorkflow.ts';

const lab = labContext(silent);
const sources = (component: Component) => join(root, 'test/components', component.name);

// Components have one namespace each, so these run one after the other.
describe('a workflow as people copy it', () => {
  it.each(components)(
    '$name goes from source to a running pod',
    async (component) => {
      const run = await runWorkflow(lab, {
        component: sources(component),
        workflow: component.workflow,
      });
      expect(run.errors).toEqual([]);
      expect(run.exitCode).toBe(0);
      expect(run.steps.map(({ job, step, result }) => `${job} ${step} ${result}`)).toEqual([
        'image checkout success',
        'image build-push-image success',
        'image trivy-gate success',
        'deploy checkout success',
        'deploy helm-deploy success',
      ]);
      expect(run.outputs).toMatchObject({
        'build-push-image digest': expect.stringMatching(/^sha256:/),
        'trivy-gate verdict': 'pass',
        'helm-deploy status': 'deployed',
      });
      expect(run.summaries.map(({ step }) => step)).toEqual([
        'build-push-image',
        'trivy-gate',
        'helm-deploy',
      ]);
      const page = await fetchPage(lab, component.name, component.name);
      expect(page).toMatchObject({ status: 200, body: expect.stringMatching(component.page) });
    },
    180_000,
  );

  it.each(breaks)(
    'broken by %s: the first annotation names the cause',
    async (how) => {
      const [component] = components;
      if (component === undefined) throw new Error('there is no component');
      const run = await runWorkflow(lab, {
        component: sources(component),
        workflow: component.workflow,
        change: (folder) => breakComponent(folder, component, how),
      });
      expect(run.exitCode).not.toBe(0);
      expect(run.errors[0]?.message).toMatch(expectedCause[how]);
      expect(run.steps.filter(({ result }) => result === 'failure')).toHaveLength(1);
      if (how === 'vulnerability') {
        expect(run.steps.at(-1)).toMatchObject({ step: 'helm-deploy', result: 'skipped' });
        return;
      }
      // What ran before runs again.
      expect(run.outputs['helm-deploy status']).toBe('rolled-back');
      const page = await fetchPage(lab, component.name, component.name);
      expect(page).toMatchObject({ status: 200, body: expect.stringMatching(component.page) });
    },
    180_000,
  );
});
