import { describe, expect, it } from '@jest/globals';
import { Failure } from './Failure.ts';
import { sentence } from './sentence.ts';

describe('sentence', () => {
  it.each([
    [
      'failed to do request: Head "https://r.io/v2/"',
      'Failed to do request: Head "https://r.io/v2/".',
    ],
    ['denied: requested access is denied.', 'Denied: requested access is denied.'],
    ['It says: no such host..', 'It says: no such host.'],
    ['and so on...', 'And so on...'],
    ['unauthorized', 'Unauthorized.'],
    ['Is it there?', 'Is it there?'],
    ['It said "no."', 'It said "no."'],
    [' connection refused\n', 'Connection refused.'],
    ['x509: certificate has expired', 'x509: certificate has expired.'],
    ['sh: 1: maek: not found', 'sh: 1: maek: not found.'],
    ['acme.azurecr.io/web is gone', 'acme.azurecr.io/web is gone.'],
    ['system:serviceaccount:ci:runner may not', 'system:serviceaccount:ci:runner may not.'],
    ['map-web is not ready', 'map-web is not ready.'],
    ['`tags` is empty', '`tags` is empty.'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(sentence(text)).toBe(expected);
  });

  it('is what a failure makes of its cause', () => {
    const { why, message } = new Failure({
      what: 'It failed.',
      why: 'no route to host',
      remedy: 'Try.',
    });
    expect(why).toBe('No route to host.');
    expect(message).toBe('It failed. No route to host. Try.');
  });
});
