import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Diagnosis } from '../../../shared/kube/diagnosisOf.ts';
import { figure } from '../../lab/figure.ts';
import { deployObjects, ownPlace } from './faults/deployObjects.ts';
import { faults } from './faults/faults.ts';
import { type Healthy, healthy } from './faults/healthy.ts';
import { container, running, shell } from './faults/objects.ts';
import { sampleOf } from './faults/sampleOf.ts';

const seed = 6;
const someFaults = sampleOf(faults, 4, seed);
const someHealthy = sampleOf(healthy, 3, seed);

/** By name; the first try is what counts. */
const named = new Map<string, boolean>();
const blamed = new Map<string, boolean>();
const once = (results: Map<string, boolean>, name: string, result: boolean) =>
  results.has(name) || results.set(name, result);

afterAll(() => {
  const yes = (results: Map<string, boolean>) => [...results.values()].filter(Boolean).length;
  figure(`diagnosis: ${yes(named)} of ${named.size} named right (${faults.length} faults)`);
  figure(`diagnosis: ${yes(blamed)} of ${blamed.size} healthy rollouts blamed (${healthy.length})`);
});

describe('a fault of a rollout is named in the first annotation', () => {
  it.concurrent.each(someFaults)(
    '$name',
    async (fault) => {
      await using place = await ownPlace(fault.labels, fault.around);
      if (fault.before) await deployObjects(place.own, fault.before);
      const { timeout = '120s', settle } = fault;
      // Some would be told before the first write; here they are met in the rollout.
      const step = await deployObjects(place.own, fault.objects(place.own), {
        inputs: { timeout, preflight: 'off', ...(settle && { settle }) },
      });
      const message = step.annotations.find(({ level }) => level === 'error')?.message ?? '';
      const right = [fault.cause, fault.line ?? /./, fault.remedy].every((one) =>
        one.test(message),
      );
      const early = fault.timeout !== undefined || step.durationMs < 100_000;
      once(named, fault.name, step.exitCode === 1 && right && early);
      expect(message).toMatch(fault.cause);
      if (fault.line) expect(message).toMatch(fault.line);
      expect(message).toMatch(fault.remedy);
      expect(step.exitCode).toBe(1);
      if (fault.timeout === undefined) expect(step.durationMs).toBeLessThan(100_000);
    },
    300_000,
  );
});

describe('a rollout that becomes ready is not blamed', () => {
  it.concurrent.each(someHealthy)(
    '$name',
    async ({ name, around, before, objects, settle, meanwhile }) => {
      await using place = await ownPlace({}, around);
      if (before) await deployObjects(place.own, before);
      const step = await deployObjects(place.own, objects(place.own), {
        inputs: settle === undefined ? {} : { settle },
        onOutput: whenSeen(meanwhile, (act) => act(place.own)),
      });
      once(blamed, name, step.exitCode !== 0);
      expect(step.annotations.filter(({ level }) => level === 'error')).toEqual([]);
      expect(step.outputs).toMatchObject({ status: 'deployed' });
    },
    300_000,
  );
});

it('keeps what it found as JSON: what changed, the run before, and no value of a variable', async () => {
  await using place = await ownPlace();
  const temporary = mkdtempSync(join(tmpdir(), 'faults-'));
  const env = (value: string) => ({ env: [{ name: 'PASSWORD', value }] });
  await deployObjects(place.own, [running(container({ ...env('first-one'), workingDir: '/tmp' }))]);
  const crash = { ...env('second-one'), command: shell('echo "fatal: no such flag"; exit 9') };
  const step = await deployObjects(place.own, [running(container(crash))], {
    env: { RUNNER_TEMP: temporary },
  });
  const text = readFileSync(step.outputs.diagnosis ?? '', 'utf8');
  rmSync(temporary, { recursive: true });
  const { causes, changes, logs } = JSON.parse(text) as Diagnosis;
  expect(causes[0]).toMatchObject({
    chain: ['Deployment/web', expect.stringMatching(/^pod web-/), 'container web'],
    ...{ reason: 'CrashLoopBackOff', line: 'fatal: no such flag', mayHeal: false },
  });
  expect(changes).toEqual([
    {
      object: 'Deployment/web',
      fields: expect.arrayContaining([
        { path: 'containers[web].workingDir', before: '/tmp' },
        { path: 'containers[web].env[PASSWORD].value' },
        { path: 'containers[web].command[2]' },
      ]),
    },
  ]);
  expect(logs[0]?.lines).toEqual(['fatal: no such flag']);
  expect(text).not.toMatch(/first-one|second-one/);
  expect(step.summary).toContain('.workingDir&#58; /tmp → (not set)');
  expect(step.outputs).toMatchObject({ status: 'rolled-back', revision: '3' });
}, 300_000);

type Meanwhile = NonNullable<Healthy['meanwhile']>;

/** Others act when the step has shown what they mend, so that it is known to have waited. */
function whenSeen(
  meanwhile: Meanwhile | undefined,
  run: (act: Meanwhile['act']) => Promise<unknown>,
): (text: string) => void {
  let acted = false;
  return (text) => {
    if (acted || meanwhile === undefined || !meanwhile.seen.test(text)) return;
    acted = true;
    setTimeout(() => void run(meanwhile.act), 3000);
  };
}
