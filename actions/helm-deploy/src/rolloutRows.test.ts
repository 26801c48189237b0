import { describe, expect, it } from '@jest/globals';
import type { Cause } from '../../../shared/kube/diagnose.ts';
import type { Workload } from '../../../shared/kube/readiness/Workload.ts';
import { changedRows, type Row, rolloutRows, tableHead } from './rolloutRows.ts';

const workload = (fields: Partial<Workload>): Workload => ({
  ...{ kind: 'Deployment', name: 'web', desired: 2, ready: 0, done: false, pods: [] },
  ...{ replicaSet: undefined, uid: 'u', generation: 1, hook: false },
  ...fields,
});
const pod = (status: object) => ({ status }) as Workload['pods'][number];
const waiting = { containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] };
const cause = (chain: string, message: string) => ({ chain, reason: 'Err', message }) as Cause;

describe('a row of the table', () => {
  it.each<[string, Partial<Workload>, readonly Cause[], string]>([
    ['ready', { done: true, ready: 2, createdMs: 88_000 }, [], '2/2     12s   ready'],
    [
      'its pods',
      { pods: [pod(waiting), pod(waiting), pod({ phase: 'Running' })] },
      [],
      '0/2           2 ContainerCreating, 1 starting',
    ],
    [
      'why not',
      {},
      [cause('Deployment/web → pod a', 'it says no')],
      '0/2           Err: it says no',
    ],
    ['of another one', {}, [cause('Deployment/web2 → pod a', 'it says no')], '0/2'],
    [
      'text of others in one line',
      {},
      [cause('Deployment/web', 'a\n::error::b')],
      '0/2           Err: a ::error::b',
    ],
    [
      'older than our clock',
      { done: true, ready: 2, createdMs: 200_000 },
      [],
      '2/2     0s    ready',
    ],
  ])('%s', (_name, fields, causes, expected) => {
    const [row] = rolloutRows([workload(fields)], causes, 100_000);
    expect(row?.text).toBe(`${'Deployment/web'.padEnd(40)} ${expected}`);
  });

  it('has its head', () => {
    expect(tableHead).toBe(`${'OBJECT'.padEnd(40)} READY   AGE   NOTE`);
  });
});

describe('changed rows', () => {
  const row = (object: string, state: string): Row => ({
    object,
    state,
    text: `${object} ${state}`,
  });

  it('are shown once', () => {
    const shown = new Map<string, string>();
    expect(changedRows([row('a', '0/1'), row('b', '1/1 ready')], shown)).toHaveLength(2);
    expect(changedRows([row('a', '0/1'), row('b', '1/1 ready')], shown)).toEqual([]);
    expect(changedRows([row('a', '1/1 ready'), row('b', '1/1 ready')], shown)).toEqual([
      'a 1/1 ready',
    ]);
  });

  it('are summed up when they are many', () => {
    const rows = Array.from({ length: 1000 }, (_, index) =>
      row(`o${index}`, index === 999 ? '0/1 Err: no' : index < 400 ? '1/1 ready' : '0/1'),
    );
    const texts = changedRows(rows, new Map());
    expect(texts).toHaveLength(21);
    expect(texts.at(-1)).toBe('… and 980 more objects changed; 400 of 1000 are ready');
    expect(texts.slice(0, 20).some((text) => text.endsWith('ready'))).toBe(false);
  });
});
