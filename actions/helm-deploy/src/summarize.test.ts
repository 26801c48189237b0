import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { largestSummary } from '../../../shared/action/writeSummary.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { Result } from './deploy.ts';
import type { Inputs } from './inputs.ts';
import { summarize } from './summarize.ts';

const inputs = { release: 'web', namespace: 'apps', images: [] } as unknown as Inputs;

it('keeps the reason, whatever the logs are', () => {
  const logs = Array.from({ length: 40_000 }, (_, index) => `${index} |<>&| ${'é'.repeat(40)}`);
  const failure = new Failure({
    what: `pod web: ${'x'.repeat(100_000)}`,
    why: 'Its log says so.',
    remedy: 'Mend it.',
    details: `Deployment/web: the cause\n${logs.join('\n')}\nthe last words`,
  });
  const workload = { kind: 'Deployment', name: 'n'.repeat(200), ready: 0, desired: 1 };
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
