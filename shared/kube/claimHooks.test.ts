import { expect, it } from '@jest/globals';
import { claimHooks } from './claimHooks.ts';
import { workloadsOf } from './rollout.ts';
import { emptySnapshot } from './Snapshot.ts';

const job = (name: string, annotations?: Record<string, string>) => ({
  metadata: { name, ...(annotations && { annotations }) },
});
const hook = { 'helm.sh/hook': 'pre-install' };

it.each([
  ['a hook that the release has', job('migrate', hook), ['migrate'], true],
  ['a hook of another release', job('migrate', hook), ['seed'], false],
  ['a Job of that name that is no hook', job('migrate'), ['migrate'], false],
])('%s', (_name, one, names, ours) => {
  const snapshot = claimHooks({ ...emptySnapshot, jobs: [one] }, 'web', new Set(names));
  expect(workloadsOf(snapshot, 'web').map(({ name }) => name)).toEqual(ours ? ['migrate'] : []);
});
