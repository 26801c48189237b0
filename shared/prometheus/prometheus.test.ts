import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type PrometheusOptions, servePrometheus } from '../../test/lab/doubles/prometheus.ts';
import type { Served } from '../../test/lab/doubles/serve.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { queryPrometheus } from './queryPrometheus.ts';

const queries: PrometheusOptions['queries'] = {
  'sum(rate(errors[1m])) + 0': () => ({ scalar: '0.25' }),
  slow: () => ({ error: 'timeout', says: 'query timed out in expression evaluation' }),
};
let prometheus: Served;
beforeAll(async () => {
  prometheus = await servePrometheus({ queries, token: 'secret' });
});
afterAll(async () => prometheus[Symbol.asyncDispose]());

const signal = new AbortController().signal;
const ask = (query: string, more: { address?: string; token?: string } = {}) =>
  queryPrometheus(httpClient({ env: {}, log: silent }), {
    ...{ address: `${prometheus.url}/`, query, token: 'secret', timeoutMs: 2000, signal },
    ...more,
  });

it.each<[string, string, object, unknown]>([
  ['a query', 'sum(rate(errors[1m])) + 0', {}, [{ labels: {}, value: 0.25 }]],
  ['a mistake', 'sum(', {}, { kind: 'unjudged', why: expect.stringContaining('bad_data') }],
  [
    'one that takes too long',
    'slow',
    {},
    { kind: 'away', why: expect.stringContaining('timeout') },
  ],
  [
    'another token',
    'slow',
    { token: 'no' },
    { kind: 'unjudged', what: expect.stringContaining('(401)') },
  ],
  [
    'an address that is none',
    'slow',
    { address: 'http://127.0.0.1:1' },
    { kind: 'away', what: 'http://127.0.0.1:1/api/v1/query gave no answer' },
  ],
])('%s', async (_name, query, more, expected) => {
  expect(await ask(query, more)).toEqual(
    Array.isArray(expected) ? expected : expect.objectContaining(expected as object),
  );
});
