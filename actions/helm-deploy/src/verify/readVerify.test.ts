import { describe, expect, it } from '@jest/globals';
import { InputReader } from '../../../../shared/action/InputReader.ts';
import { readVerify } from './readVerify.ts';

const read = async (text: string) => readVerify('/nowhere')(text);

async function problemsOf(text: string): Promise<readonly string[]> {
  const reader = new InputReader({ INPUT_VERIFY: text }, () => {});
  await reader.optional('verify', readVerify('/nowhere'));
  try {
    reader.finish();
    return [];
  } catch (error) {
    return (error as AggregateError).errors.map(({ message }: Error) => message);
  }
}

describe('verify', () => {
  it('is a list of checks', async () => {
    const wanted = await read(`
- http: {service: web}
- http:
    service: web
    port: metrics
    path: /healthz?full=1
    status: [200, 204]
    contains: ok
    request-headers: {Accept: text/plain}
    response-headers: {Content-Type: ^text/}
    every: 1s
    timeout: 500ms
    failures: 3
- promql: {address: 'https://prometheus:9090', query: 'sum(rate(errors[1m]))', below: 0.5}
- logs: {matches: 'ERROR|panic', per-minute: 5}
- restarts: 0
- helm-tests: {}
- job:
    manifest: {apiVersion: batch/v1, kind: Job, spec: {template: {spec: {containers: []}}}}
`);
    expect(wanted).toMatchObject([
      {
        ...{ kind: 'http', path: '/', scheme: 'http', statuses: [200], requestHeaders: {} },
        ...{ everyMs: 2000, timeoutMs: 5000, failures: 1 },
      },
      {
        ...{ port: 'metrics', path: '/healthz?full=1', statuses: [200, 204], contains: 'ok' },
        ...{ requestHeaders: { accept: 'text/plain' }, timeoutMs: 500, failures: 3 },
        responseHeaders: { 'content-type': /^text\//m },
      },
      { kind: 'promql', is: 'below', bound: 0.5, everyMs: 15_000 },
      { kind: 'logs', matches: /ERROR|panic/m, perMinute: 5 },
      { kind: 'restarts', most: 0 },
      { kind: 'helm-tests', timeoutMs: 300_000 },
      { kind: 'job', job: { kind: 'Job' }, timeoutMs: 300_000 },
    ]);
  });

  it.each<[string, string, string]>([
    [
      'a key that is near another',
      '- http: {service: web, statis: 200}',
      'Input verify:1:24: [0].http.statis: there is no such key. Did you mean status? There are',
    ],
    [
      'a kind that is none',
      '- htpp: {}',
      'Input verify:1:3: [0].htpp: there is no such key. Did you mean http?',
    ],
    ['two kinds', '- {restarts: 0, helm-tests: {}}', 'Input verify:1:3: [0]: has not one key.'],
    ['none', '- {}', 'Input verify:1:3: [0]: has not one key.'],
    ['no list', 'http: {service: web}', 'is not a list'],
    ['no YAML', '- http: [', 'it is not YAML'],
    ['no service', '- http: {}', '[0].http: service is missing'],
    ['a pattern', "- logs: {matches: '(', per-minute: 0}", 'is not a regular expression'],
    ['a duration', '- http: {service: web, every: 5}', '[0].http.every: is not a text'],
    ['a duration without a unit', "- http: {service: web, every: '5'}", 'is not a duration'],
    [
      'a header that the API server reads',
      '- http: {service: web, request-headers: {Authorization: x}}',
      'is not passed on',
    ],
    ['a path', '- http: {service: web, path: healthz}', 'does not begin with /'],
    ['no bound', "- promql: {address: 'http://p', query: up}", '[0].promql: has not one bound'],
    [
      'two bounds',
      "- promql: {address: 'http://p', query: up, below: 1, above: 0}",
      'has not one bound',
    ],
    [
      'a password in an address',
      "- promql: {address: 'http://a:b@p', query: up, below: 1}",
      'is not an address without password',
    ],
    [
      'a Job that is none',
      '- job: {manifest: {apiVersion: v1, kind: Pod, spec: {template: {}}}}',
      'is not batch/v1',
    ],
    ['a file that is not there', '- job: {file: none.yaml}', '[0].job.file: cannot be read'],
  ])('refuses %s', async (_name, text, expected) => {
    expect((await problemsOf(text)).join('\n')).toContain(expected);
  });
});
