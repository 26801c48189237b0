import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { largestSummary } from '../../../shared/action/writeSummary.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { Result } from './deploy.ts';
import type { Inputs } from './inputs.ts';
import { summarize } from './summarize.ts';

const inputs = { release: 'web', namespace: 'apps', images: [] } as unknown as Inputs;

const workload = { kind: 'Deployment', name: 'n'.repeat(200), ready: 0, desired: 1 };

it('keeps the reason, whatever the logs are', () => {
  const logs = Array.from({ length: 40_000 }, (_, index) => `${index} |<>&| ${'é'.repeat(40)}`);
  const failure = new Failure({
    what: `pod web: ${'x'.repeat(100_000)}`,
    why: 'Its log says so.',
    remedy: 'Mend it.',
    details: `Deployment/web: the cause\n${logs.join('\n')}\nthe last words`,
  });
  const result = {
    ...{ failure, status: 'failed', durationMs: 1, revision: undefined, url: undefined },
    workloads: Array.from({ length: 5000 }, () => workload),
  } as unknown as Result;
  const text = summarize(inputs, result);
  expect(Buffer.byteLength(text)).toBeLessThan(largestSummary);
  for (const part of ['pod web', 'Its log says so', 'Mend it', 'the cause', 'the last words']) {
    expect(text).toContain(part);
  }
});

it('is short on success: what runs, when it was ready, what changed', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const result: Result = {
    ...{ revision: 3, status: 'deployed', url: 'https://web.example.com/', durationMs: 65_000 },
    failure: undefined,
    workloads: [
      { ...workload, ready: 2, desired: 2, done: true, name: 'web' } as Result['workloads'][number],
    ],
    images: [{ image: `acme/web@${digest}`, digest, objects: ['Deployment/web'] }],
    compared: {
      previous: 2,
      changes: [
        {
          ...{ object: 'Deployment/web', change: 'changed' },
          fields: [{ path: 'spec.replicas', before: '1', after: '2' }, { path: 'data.a' }],
        },
        { object: 'Service/web', change: 'added', fields: [] },
      ],
    },
    times: {
      ...{ beganMs: 1000, helmMs: 13_000, settledMs: 15_000, settleMs: 2000 },
      objects: [{ object: 'Deployment/web', readyMs: 12_000 }],
      checks: [
        { name: 'http web/', state: 'held', note: 'answers 200', fromMs: 15_000, toMs: 45_000 },
      ],
    },
  };
  expect(summarize(inputs, result)).toBe(`### ✅ Release <code>web</code> is ready

|  |  |
| --- | --- |
| Namespace | <code>apps</code> |
| Revision | 3, after 2 |
| Time | 1 min 05 s |
| Address | <a href="https&#58;//web.example.com/"><code>https&#58;//web.example.com/</code></a> |

| Verified | Result | For |  |
| --- | --- | --- | --- |
| <code>http web/</code> | ✅ held | 30.0 s | answers 200 |

| Object | Ready | After |
| --- | --- | --- |
| <code>Deployment/web</code> | 2/2 | 11.0 s |

| Image | Digest | In |
| --- | --- | --- |
| <code>acme/web</code> | <code>sha256&#58;${'a'.repeat(64)}</code> | Deployment/web |

\`\`\`mermaid
gantt
  dateFormat x
  axisFormat %s s
  section Objects
  11.0 s Deployment/web :active, 0, 11000
  section Proof
  2.0 s settle :active, 12000, 14000
  30.0 s http web/ :active, 14000, 44000
\`\`\`

<details><summary>2 objects changed since revision 2</summary>

| Object | Field | Before | After |
| --- | --- | --- | --- |
| <code>Deployment/web</code> | <code>spec.replicas</code> | <code>1</code> | <code>2</code> |
| <code>Deployment/web</code> | <code>data.a</code> | *not shown* | *not shown* |
| <code>Service/web</code> | *added* | – | – |

</details>`);
});

it('tells text of others as text', () => {
  const hostile = '</code><img src=x>|`::error::`\n# head [a](http://b)';
  const result = {
    ...{ revision: 1, status: 'failed', url: undefined, durationMs: 1, workloads: [] },
    failure: new Failure({ what: hostile, details: hostile }),
    images: [{ image: hostile, digest: undefined, objects: [hostile] }],
    times: {
      ...{ beganMs: 0, helmMs: 1, settledMs: 2, settleMs: 1 },
      objects: [{ object: hostile, readyMs: 1 }],
      checks: [{ name: hostile, state: 'failed', note: hostile, fromMs: 0, toMs: 1 }],
    },
    compared: { previous: 1, changes: [{ object: hostile, change: 'added', fields: [] }] },
  } as unknown as Result;
  const text = summarize(inputs, result);
  expect(text).not.toContain('<img');
  expect(text).not.toMatch(/^# |\]\(http/m);
  expect(text).not.toContain('`::');
});
