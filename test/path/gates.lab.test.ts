import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/actions.ts';
import { silent } from '../../shared/log/Log.ts';
import { digestOf } from '../actions/build-push-image/workspace.ts';
import { addresses } from '../lab/addresses.ts';
import { labContext } from '../lab/lab.ts';
import type { WorkflowRun } from './collectRun.ts';
import { runWorkflow } from './runWorkflow.ts';

const lab = labContext(silent);
const component = join(root, 'test/components/static-site');

/** What no run before this one has built. */
function fresh(folder: string): void {
  writeFileSync(join(folder, 'site/fresh.txt'), `${Math.random()}\n`);
}

/** Brings a package with a CRITICAL advisory into the image. */
function addVulnerable(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name": "minimist", "version": "0.0.8"}');
  appendFileSync(
    join(folder, 'Dockerfile'),
    '\nCOPY package.json /app/node_modules/minimist/package.json\n',
  );
}

const results = ({ steps }: WorkflowRun) =>
  steps
    .filter(({ step }) => /build-push-image|trivy-gate|^Judge/.test(step))
    .map(({ step, result }) => `${step} ${result}`);

describe('a gate before the push', () => {
  it('lets through what passes', async () => {
    const run = await runWorkflow(lab, {
      ...{ component, workflow: 'gate-before-push.yml', change: fresh },
    });
    expect(run.errors).toEqual([]);
    expect(results(run)).toEqual([
      'build-push-image success',
      'trivy-gate success',
      'build-push-image success',
    ]);
  }, 180_000);

  it('lets nothing else be pushed', async () => {
    const run = await runWorkflow(lab, {
      ...{ component, workflow: 'gate-before-push.yml', change: addVulnerable },
    });
    expect(results(run)).toEqual([
      'build-push-image success',
      'trivy-gate failure',
      'build-push-image skipped',
    ]);
    expect(run.errors[0]?.message).toContain('minimist 0.0.8 (CVE-2021-44906)');
    expect(run.log).not.toContain('Pushed');
  }, 180_000);
});

describe('a gate after the push', () => {
  it('promotes what passes, with its signed verdict', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const secrets = { GATE_KEY: privateKey.export({ format: 'pem', type: 'sec1' }).toString() };
    const run = await runWorkflow(lab, {
      ...{ component, workflow: 'gate-after-push.yml', change: fresh, secrets },
    });
    expect(run.errors).toEqual([]);
    expect(run.log).toContain('Attached the verdict to');
    expect(results(run)).toEqual([
      'build-push-image success',
      'trivy-gate success',
      'build-push-image success',
    ]);
    // The scan and the verdict go along.
    expect(run.log).toMatch(/Copied .*\/staging\/web@.* 2 attached to it/);
  }, 180_000);
});

describe('a chain of images with gates', () => {
  it('ends at the link that adds what counts, and says at which line', async () => {
    const debian = `${addresses.registry}/library/debian`;
    const run = await runWorkflow(lab, {
      component: join(root, 'test/components/image-chain'),
      workflow: 'base-image-chain.yml',
      variables: { BASE: `${debian}:bookworm-slim@${await digestOf(debian, 'bookworm-slim')}` },
      change: (folder) => addVulnerable(join(folder, 'platform')),
    });
    expect(results(run)).toEqual([
      'build-push-image success',
      'Judge the base success',
      'build-push-image success',
      'Judge what the platform adds failure',
      'build-push-image skipped',
      'Judge what TensorFlow adds skipped',
    ]);
    expect(run.errors[0]?.message).toContain('1 CRITICAL new finding');
  }, 180_000);
});
