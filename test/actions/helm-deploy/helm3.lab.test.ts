import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { provideTool } from '../../../shared/tools/provideTool.ts';
import { core, deploy, namespace, revisions } from './cluster.ts';

const broken = { command: ['sh', '-c', 'echo no database; exit 3'] };

it('Helm 3: installs, says why an upgrade failed, rolls back; Helm 4 goes on with its release', async () => {
  await using space = await namespace();
  const run = (values: object, version: string) =>
    deploy(space.name, { ...values }, { inputs: { 'helm-version': version } });
  expect((await run({}, '3')).outputs).toMatchObject({ revision: '1', status: 'deployed' });
  const failed = await run(broken, '3');
  expect(failed.outputs).toMatchObject({ revision: '3', status: 'rolled-back' });
  expect(failed.annotations[0]?.message).toContain('Its log says: no database.');
  const next = await run({ password: 'four' }, '4');
  expect(next.annotations).toEqual([]);
  expect(next.outputs).toMatchObject({ revision: '4', status: 'deployed' });
  const back = await run({ password: 'three' }, '3');
  expect(back.annotations).toEqual([]);
  expect(back.outputs).toMatchObject({ revision: '5', status: 'deployed' });
  const { data } = await core.readNamespacedSecret({ namespace: space.name, name: 'web' });
  expect(Buffer.from(data?.password ?? '', 'base64').toString()).toBe('three');
  expect((await revisions(space.name)).at(-1)).toBe('5 deployed');
}, 240_000);

it('a release of Helm 4 that Helm 3 changes', async () => {
  await using space = await namespace();
  const run = (values: object, version: string) =>
    deploy(space.name, { ...values }, { inputs: { 'helm-version': version } });
  expect((await run({}, '4')).outputs.status).toBe('deployed');
  const step = await run({ replicas: 2 }, '3');
  expect(step.annotations).toEqual([]);
  expect(step.outputs).toMatchObject({ revision: '2', status: 'deployed' });
}, 120_000);

it('the Helm of the PATH, whatever its version', async () => {
  await using space = await namespace();
  const folder = mkdtempSync(join(tmpdir(), 'helm-path-'));
  const { path } = await provideTool('helm3', { env: process.env, log: silent });
  symlinkSync(path, join(folder, 'helm'));
  const step = await deploy(
    space.name,
    {},
    { inputs: { 'helm-version': 'path' }, env: { PATH: `${folder}:${process.env.PATH}` } },
  );
  rmSync(folder, { recursive: true });
  expect(step.annotations).toEqual([]);
  expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
}, 120_000);
