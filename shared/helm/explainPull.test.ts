import { expect, it } from '@jest/globals';
import { explainPull } from './explainPull.ts';

const asked = { chart: 'web', repository: 'http://r.test', version: '2' };

it.each([
  [
    'Error: looks like "http://r.test" is not a valid chart repository or cannot be reached: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type repo.IndexFile',
    { why: expect.stringContaining('It answers with a page, not with an index') },
  ],
  [
    'Error: looks like "http://r.test" is not a valid chart repository or cannot be reached: failed to fetch http://r.test/index.yaml : 404 File not found',
    { what: 'Input repository: http://r.test is not a chart repository.' },
  ],
  [
    'Error: failed to fetch http://r.test/web-1.0.0.tgz : 404 File not found',
    { what: 'Input chart: http://r.test answers 404.', remedy: expect.stringContaining('version') },
  ],
  [
    'Error: failed to fetch http://r.test/web-1.0.0.tgz : 503 Service Unavailable',
    { what: 'Input chart: http://r.test answers 503.', remedy: expect.stringContaining('later') },
  ],
  [
    'Error: chart "web" version "2" not found in http://r.test repository',
    { what: 'Input chart: http://r.test has no web 2.' },
  ],
  [
    'Error: failed to perform "FetchReference" on source: r.test/web:1.0.0: not found',
    { what: 'Input chart: it cannot be fetched from its registry.' },
  ],
  ['Error: something new', { what: 'Input chart: web cannot be fetched.', why: 'something new' }],
])('%s', (output, expected) => {
  expect(explainPull(output, asked)).toMatchObject(expected);
});
