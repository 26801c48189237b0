import { describe, expect, it } from '@jest/globals';
import { comparePlans } from './comparePlans.ts';
import { type Plan, type PlannedObject, touched } from './Plan.ts';
import { planReport, sumOf } from './planReport.ts';

const one = (more: Partial<PlannedObject> = {}): PlannedObject => ({
  ...{ object: 'ConfigMap/a', apiVersion: 'v1', namespace: 'apps', change: 'changed' },
  ...{ fields: [], seen: { uid: 'u', state: 's' } },
  ...more,
});
const plan = (more: Partial<Plan> = {}): Plan => ({
  ...{ version: 1, release: 'web', namespace: 'apps', revision: 3 },
  ...{ manifest: 'sha256:1', hooks: 'sha256:2', objects: [one()] },
  ...more,
});
const { seen: _, ...absent } = one({ change: 'added' });

describe('what has moved since a plan was saved', () => {
  it.each<[string, Plan, string[]]>([
    ['nothing', plan(), []],
    [
      'it is of another release',
      plan({ release: 'api' }),
      ['the plan is of release web in namespace apps, and this is release api in namespace apps'],
    ],
    ['the revision', plan({ revision: 4 }), ['the release is at revision 4, and the plan is of 3']],
    [
      'what is deployed',
      plan({ manifest: 'sha256:3' }),
      ['what is deployed is not what was planned'],
    ],
    ['a hook', plan({ hooks: 'sha256:3' }), ['what is deployed is not what was planned']],
    [
      'an object',
      plan({ objects: [one({ seen: { uid: 'u', state: 't' } })] }),
      ['ConfigMap/a was changed since the plan'],
    ],
    [
      'an object, made anew',
      plan({ objects: [one({ seen: { uid: 'v', state: 's' } })] }),
      ['ConfigMap/a was deleted and made anew since the plan'],
    ],
    [
      'an object that went',
      plan({ objects: [absent] }),
      ['ConfigMap/a was deleted since the plan'],
    ],
    [
      'an object that came',
      plan({ objects: [one(), one({ object: 'ConfigMap/b' })] }),
      ['ConfigMap/b was not in the plan'],
    ],
    ['only the version of its API', plan({ objects: [one({ apiVersion: 'v2' })] }), []],
  ])('%s', (_name, now, expected) => {
    const moved = comparePlans(plan(), now);
    expect(moved).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(moved[index]).toContain(text);
  });
});

describe('a plan for people', () => {
  const objects = [
    one({ fields: [{ path: 'data.x', before: '<b>', after: '|2' }, { path: 'data.password' }] }),
    one({ object: 'ConfigMap/b', change: 'added' }),
    one({ object: 'ConfigMap/c', change: 'unchanged' }),
    one({ object: 'ConfigMap/d', change: 'kept', note: 'It stays.' }),
  ];

  it('sums up', () => {
    expect(sumOf({ objects, revision: 3 })).toBe(
      'Against revision 3 in the cluster: 1 added, 1 changed, 1 left in the cluster; 1 object unchanged.',
    );
    expect(sumOf({ objects: [], revision: 0 })).toBe('Nothing is deployed yet: nothing changes.');
    expect(touched({ objects })).toEqual(['ConfigMap/a', 'ConfigMap/b']);
  });

  it('shows fields, hides secrets, and takes no markup from the cluster', () => {
    const options = { hooks: ['Job/m (pre-upgrade)'], remarks: [], obstacles: ['A *policy*.'] };
    const { text } = planReport(plan({ objects }), { ...options, bytes: 10_000 });
    expect(text).toContain(
      '| <code>ConfigMap/a</code> | <code>data.password</code> | *not shown* | *not shown* |',
    );
    expect(text).toContain('<code>&#60;b&#62;</code> | <code>&#124;2</code>');
    expect(text).toContain('❌ A &#42;policy&#42;.');
    expect(text).not.toContain('ConfigMap/c');
    const many = Array.from({ length: 5000 }, (_, index) => one({ object: `ConfigMap/${index}` }));
    const long = planReport(plan({ objects: many }), { ...options, bytes: 60_000 });
    expect(long.text.length).toBeLessThan(60_000);
    expect(long.text).toContain('more objects');
  });
});
