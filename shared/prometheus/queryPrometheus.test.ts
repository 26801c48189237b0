import { describe, expect, it } from '@jest/globals';
import { isProblem } from '../verify/Check.ts';
import { judgeSamples, type Threshold } from './judgeSamples.ts';
import { readAnswer } from './queryPrometheus.ts';

const success = (resultType: string, result: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType, result } });
const read = (status: number, body: string) => readAnswer(status, body, 'https://prometheus/');

describe('an answer of Prometheus', () => {
  it.each([
    [
      'a vector',
      success('vector', [
        { metric: { pod: 'a' }, value: [1700000000.123, '0.5'] },
        { metric: {}, value: [1700000000, '+Inf'] },
      ]),
      [
        { labels: { pod: 'a' }, value: 0.5 },
        { labels: {}, value: Number.POSITIVE_INFINITY },
      ],
    ],
    ['a scalar', success('scalar', [1700000000, '1e-3']), [{ labels: {}, value: 0.001 }]],
    ['no number', success('scalar', [1, 'NaN']), [{ labels: {}, value: Number.NaN }]],
  ])('%s', (_name, body, expected) => {
    expect(read(200, body)).toEqual(expected);
  });

  it.each<[string, number, string, 'unjudged' | 'away', string]>([
    ['an empty vector', 200, success('vector', []), 'unjudged', 'nothing was measured'],
    ['a range', 200, success('matrix', []), 'unjudged', 'The query gives a range vector'],
    ['a string', 200, success('string', [1, 'a']), 'unjudged', 'The query gives a string'],
    [
      'a mistake in the query',
      400,
      '{"status":"error","errorType":"bad_data","error":"parse error"}',
      'unjudged',
      'It says: bad_data: parse error',
    ],
    [
      'a query that took too long',
      503,
      '{"status":"error","errorType":"timeout","error":"query timed out"}',
      'away',
      'query timed out',
    ],
    ['a proxy before it', 502, '<html>Bad Gateway</html>', 'away', 'It is not well'],
    ['something else', 200, '<html>Grafana</html>', 'unjudged', 'It is not the answer of a Prom'],
    ['nothing', 200, '', 'unjudged', 'nothing'],
    ['no right', 401, 'Unauthorized', 'unjudged', 'It does not accept who asks'],
  ])('%s', (_name, status, body, kind, why) => {
    expect(read(status, body)).toMatchObject({ kind, why: expect.stringContaining(why) });
  });
});

describe('a threshold', () => {
  it.each<[Threshold['is'], number, number, boolean]>([
    ['below', 1, 0.99, true],
    ['below', 1, 1, false],
    ['at most', 1, 1, true],
    ['at most', 1, 1.1, false],
    ['at least', 1, 1, true],
    ['at least', 1, 0.9, false],
    ['above', 1, 1.1, true],
    ['above', 1, 1, false],
    ['below', 1, Number.NaN, false],
    ['above', 1, Number.NaN, false],
    ['below', 1, Number.NEGATIVE_INFINITY, true],
  ])('%s %d: %d holds: %s', (is, bound, value, expected) => {
    const seen = judgeSamples('promql q', [{ labels: {}, value }], { is, bound });
    expect(isProblem(seen)).toBe(!expected);
  });

  it('names the series', () => {
    const samples = [
      { labels: {}, value: 0 },
      { labels: { code: '500', pod: 'a' }, value: 0.123456 },
    ];
    expect(judgeSamples('promql q', samples, { is: 'below', bound: 0.1 })).toMatchObject({
      problem: {
        what: 'promql q: it is 0.1235 for {code="500", pod="a"}, and has to be below 0.1',
      },
    });
  });
});
