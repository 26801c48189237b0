import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { isProblem } from '../../verify/Check.ts';
import { emptySnapshot, type Snapshot } from '../Snapshot.ts';
import { type CheckJob, ownJob } from './CheckJob.ts';
import { countRestarts, restartsOf } from './countRestarts.ts';
import type { HttpCheck } from './HttpCheck.ts';
import { judgeAnswer } from './judgeAnswer.ts';
import { LogRate } from './LogRate.ts';

const check: HttpCheck = {
  ...{ service: 'web', scheme: 'http', path: '/healthz', statuses: [200], timeoutMs: 5000 },
  ...{ requestHeaders: {}, responseHeaders: {} },
};
const status = (code: number, message: string) =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message });

describe('an answer of a service', () => {
  it.each<[string, Partial<HttpCheck>, number, string, object, string]>([
    ['holds', {}, 200, 'ok', {}, ''],
    ['another status', {}, 500, 'boom', {}, 'violation http web/healthz: it answers 500, not 200'],
    ['one of some', { statuses: [200, 302] }, 302, '', {}, ''],
    [
      'a text',
      { contains: 'ok' },
      200,
      'not well',
      {},
      'violation http web/healthz: its answer does not contain "ok"',
    ],
    ['a pattern', { matches: /^ok$/m }, 200, 'a\nok\n', {}, ''],
    [
      'no pattern',
      { matches: /^ok$/m },
      200,
      'okay',
      {},
      'violation http web/healthz: its answer does not match ^ok$',
    ],
    ['a header', { responseHeaders: { 'x-a': /^1/ } }, 200, '', { 'x-a': '12' }, ''],
    [
      'another header',
      { responseHeaders: { 'x-a': /^1/ } },
      200,
      '',
      { 'x-a': '2' },
      'violation http web/healthz: its header x-a is 2',
    ],
    [
      'no header',
      { responseHeaders: { 'x-a': /^1/ } },
      200,
      '',
      {},
      'violation http web/healthz: its answer has no header x-a',
    ],
    [
      'nobody behind it',
      {},
      503,
      status(503, 'no endpoints available for service "web"'),
      {},
      'violation http web/healthz: it does not answer',
    ],
    [
      'no right',
      {},
      403,
      status(403, 'services "web" is forbidden'),
      {},
      'unjudged http web/healthz: it may not be asked',
    ],
    [
      'the API server is busy',
      {},
      429,
      status(429, 'too many requests'),
      {},
      'away http web/healthz: the API server does not ask it',
    ],
    [
      'a service that says 403 itself',
      {},
      403,
      '{"kind":"no"}',
      {},
      'violation http web/healthz: it answers 403, not 200',
    ],
  ])('%s', (_name, fields, code, body, headers, expected) => {
    const seen = judgeAnswer(
      { ...check, ...fields },
      {
        ...{ status: code, body: Buffer.from(body) },
        headers: { 'content-type': 'application/json', ...headers },
      },
    );
    expect(isProblem(seen) ? `${seen.problem.kind} ${seen.problem.what}` : '').toBe(expected);
  });
});

describe('restarts', () => {
  const at = (count: number, uid = 'p1'): Snapshot => ({
    ...emptySnapshot,
    pods: [
      {
        metadata: {
          ...{ name: 'web', uid },
          annotations: { 'meta.helm.sh/release-name': 'web' },
        },
        spec: { containers: [{ name: 'app' }] },
        status: {
          containerStatuses: [
            {
              ...{ name: 'app', restartCount: count, ready: true, image: '', imageID: '' },
              lastState: { terminated: { exitCode: 3, reason: 'Error' } },
            },
          ],
        },
      },
    ],
  });

  it.each<[string, Snapshot, Snapshot, number, string]>([
    ['none', at(0), at(0), 0, ''],
    ['those of before', at(2), at(2), 0, ''],
    ['one', at(0), at(1), 0, 'Pod/web → pod web → container app was restarted; allowed are 0'],
    ['as many as are allowed', at(0), at(2), 2, ''],
    [
      'more',
      at(1),
      at(4),
      2,
      'Pod/web → pod web → container app was restarted 3 times; allowed are 2',
    ],
    [
      'of a pod that came since',
      at(5),
      at(1, 'p2'),
      0,
      'Pod/web → pod web → container app was restarted; allowed are 0',
    ],
  ])('%s', (_name, before, after, most, expected) => {
    const seen = countRestarts(after, 'web', restartsOf(before, 'web'), most);
    expect(isProblem(seen) ? seen.problem.what : '').toBe(expected);
  });
});

describe('lines of logs', () => {
  const line = (second: number, text: string) =>
    `${new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().replace('Z', '123456Z')} ${text}`;
  const rateOf = (perMinute: number, ...logs: readonly string[]) => {
    const rate = new LogRate({ matches: /ERROR/, perMinute });
    for (const log of logs) rate.take('pod a', log);
    const seen = rate.judge();
    return isProblem(seen) ? seen.problem.what : seen.note;
  };
  const errors = (...seconds: readonly number[]) =>
    seconds.map((second) => line(second, 'ERROR no')).join('\n');

  it.each<[string, number, readonly string[], string]>([
    ['none', 0, [line(0, 'fine')], 'at most 0 a minute'],
    ['one', 0, [errors(0)], 'pod a: 1 log line that matches ERROR within a minute; allowed are 0'],
    ['as many as are allowed', 2, [errors(0, 30)], 'at most 2 a minute'],
    [
      'one more within a minute',
      2,
      [errors(0, 30, 59)],
      'pod a: 3 log lines that match ERROR within a minute; allowed are 2',
    ],
    ['one more, later', 2, [errors(0, 30, 60, 100, 170)], 'at most 2 a minute'],
    ['what is read twice', 2, [errors(0, 30), errors(0, 30)], 'at most 2 a minute'],
    [
      'what goes on',
      2,
      [errors(0, 30), errors(0, 30, 31)],
      'pod a: 3 log lines that match ERROR within a minute; allowed are 2',
    ],
    ['words of a runtime without a time', 0, ['failed to open log ERROR'], 'at most 0 a minute'],
  ])('%s', (_name, perMinute, logs, expected) => {
    expect(rateOf(perMinute, ...logs)).toBe(expected);
  });
});

describe('the Job of a check', () => {
  const own = (job: object) =>
    ownJob(job as CheckJob, { release: 'web', suffix: 'verify-1', timeoutMs: 1500 });

  it('has a name of its own, and an end of its own', () => {
    expect(own({ metadata: { labels: { a: 'b' } }, spec: { template: {} } })).toEqual({
      name: 'web-verify-1',
      object: {
        metadata: {
          name: 'web-verify-1',
          labels: { a: 'b', 'app.kubernetes.io/managed-by': 'platform-actions' },
        },
        spec: {
          ...{ template: {}, backoffLimit: 0 },
          ...{ activeDeadlineSeconds: 2, ttlSecondsAfterFinished: 60 },
        },
      },
    });
  });

  it('keeps what it says itself', () => {
    const { name, object } = own({
      metadata: { name: 'smoke-'.padEnd(80, 'x') },
      spec: { template: {}, backoffLimit: 2 },
    });
    expect(name).toHaveLength(49);
    expect(object).toMatchObject({ spec: { backoffLimit: 2 } });
  });
});
