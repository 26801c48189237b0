import { describe, expect, it } from '@jest/globals';
import { classifyPushFailure } from './classifyPushFailure.ts';

const image = '127.0.0.1:34445/test/web:1';
const blobs = 'http://127.0.0.1:41929/v2/test/web/blobs';
const token = 'https://localhost:15455/oauth2/token';

/** As buildx 0.38.2 and BuildKit 0.34.2 printed them, when the lab's registry met each fault. */
const rows: Record<string, ['passing' | 'login' | 'final', string]> = {
  '429 on an upload': ['passing', 'toomanyrequests'],
  '500 on an upload': [
    'passing',
    `unexpected status from POST request to ${blobs}/uploads/: 500 Internal Server Error: error`,
  ],
  '503 on a mount': [
    'passing',
    `unexpected status from POST request to ${blobs}/uploads/?mount=sha256:e318&from=test/denied: 503 Service Unavailable: error`,
  ],
  '502 on a manifest': [
    'passing',
    'unexpected status from PUT request to http://127.0.0.1:39841/v2/test/web/manifests/1: 502 Bad Gateway: error',
  ],
  'a page of a gateway': [
    'passing',
    'unexpected status from PUT request to http://127.0.0.1:37621/v2/test/web/manifests/1: 504 Gateway Timeout: <!DOCTYPE html><html><head><title>Sign in</title></head></html>',
  ],
  '500 on a question': [
    'passing',
    `unexpected status from HEAD request to ${blobs}/sha256:e318: 500 Internal Server Error`,
  ],
  'a reset in an upload': [
    'passing',
    `failed commit on ref "config-sha256:cbf1": failed to do request: Put "${blobs}/uploads/01a2?_state=7-LI&digest=sha256%3Acbf": write tcp 127.0.0.1:5->127.0.0.1:6: write: connection reset by peer`,
  ],
  'a reset before an upload': [
    'passing',
    `failed to do request: Post "${blobs}/uploads/": read tcp 127.0.0.1:49304->127.0.0.1:42519: read: connection reset by peer`,
  ],
  'a blob that the registry does not know': ['passing', 'unknown: blob unknown to registry'],
  'content that changed on the way': [
    'passing',
    'unknown: provided digest did not match uploaded content',
  ],
  'a registry that is not there': [
    'passing',
    'failed to do request: Head "http://127.0.0.1:9/v2/x/blobs/sha256:e3": dial tcp 127.0.0.1:9: connect: connection refused',
  ],
  'a registry of a wrong name': [
    'final',
    'failed to do request: Head "https://r.test/v2/x/blobs/sha256:e3": dial tcp: lookup r.test on 10.0.0.1:53: no such host',
  ],
  '503 of the token server': [
    'passing',
    `failed to authorize: failed to fetch oauth token: unexpected status from POST request to ${token}: 503 Service Unavailable: error`,
  ],
  '429 of the token server': [
    'passing',
    'failed to authorize: failed to fetch oauth token: toomanyrequests',
  ],
  'a token that has ended': ['login', 'unauthorized'],
  'a login that has ended': [
    'login',
    'failed to authorize: failed to fetch oauth token: unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information. CorrelationId: a12dde97-edc0',
  ],
  'no login': [
    'login',
    `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to ${token}?scope=repository%3Aweb%3Apull: 401 Unauthorized`,
  ],
  'a role that may only pull': [
    'final',
    'push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  'a denial': ['final', 'denied'],
  'a denial with words': ['final', 'denied: requested access to the resource is denied'],
  'a firewall': [
    'final',
    "denied: client with IP '127.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
  ],
  'a wrong name': ['final', 'unknown: invalid repository name'],
  'a missing repository': ['final', 'unknown: repository name not known to registry'],
  'a full quota': ['final', 'denied: The storage quota of the registry has been exceeded'],
  'a full quota in another status': ['final', 'unknown: quota exceeded'],
  'a wrong manifest': ['final', 'unknown: manifest invalid'],
  'a locked tag': [
    'final',
    'denied: The operation is disallowed on this registry, repository or image',
  ],
  'an unknown authority': [
    'final',
    'failed to do request: Head "https://r.test/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
};

describe('classifyPushFailure', () => {
  it.each(Object.entries(rows))('%s', (_name, [kind, why]) => {
    const step = `#6 ERROR: failed to push ${image}: ${why}`;
    const end = `ERROR: failed to build: failed to solve: failed to push ${image}: ${why}`;
    for (const output of [end, `#6 exporting to image\n${step}\n------\n${end}\n`]) {
      expect(classifyPushFailure(output)).toEqual({ kind, reference: image, why });
    }
  });

  it('finds the push in the step, where the last line has lost it', () => {
    const why = 'failed to authorize: failed to fetch oauth token: toomanyrequests';
    const output = `#6 ERROR: failed to push ${image}: ${why}\nERROR: failed to build: failed to solve: failed to fetch oauth token: toomanyrequests`;
    expect(classifyPushFailure(output)).toEqual({ kind: 'passing', reference: image, why });
  });

  it.each([
    ['nothing', ''],
    [
      'a RUN step',
      'ERROR: failed to build: failed to solve: process "/bin/sh -c git push" did not complete successfully: exit code: 1',
    ],
    ['what a RUN step says', '#7 0.213 ERROR: failed to push r.io/web:1: toomanyrequests'],
    ['a base image', 'ERROR: failed to build: failed to solve: r.io/x:1: unexpected status: 503'],
  ])('is not misled by %s', (_name, output) => {
    expect(classifyPushFailure(output)).toBeUndefined();
  });
});
