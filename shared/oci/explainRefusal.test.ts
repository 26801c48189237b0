import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { BlobUnknown, type Deed, Denied, explainRefusal } from './explainRefusal.ts';
import { Passing } from './Passing.ts';
import { parseReference } from './Reference.ts';

const json = (code: string, message?: string) => JSON.stringify({ errors: [{ code, message }] });
const azure = { 'www-authenticate': 'Bearer realm="https://r.io/oauth2/token",service="r.io"' };

type Answer = readonly [status: number, body: string, headers?: Record<string, string>];

function explained([status, body, headers = {}]: Answer, deed: Deed = 'push to', signedIn = true) {
  const response = { status, headers, body: Buffer.from(body) };
  return explainRefusal(parseReference('r.io/team/web:1'), response, { deed, signedIn });
}

describe('explainRefusal', () => {
  it.each<[string, Answer, RegExp]>([
    [
      'a denial',
      [403, json('DENIED', 'no access')],
      /does not let this identity push to team\/web\. It says: no access\. Give it the right to push/,
    ],
    [
      'a role that is missing',
      [401, json('UNAUTHORIZED', 'authentication required'), azure],
      /AcrPush, or Container Registry Repository Writer/,
    ],
    [
      'a firewall',
      [403, json('DENIED', "client with IP '1.2.3.4' is not allowed access")],
      /closed to this runner by its firewall/,
    ],
    ['a quota', [403, json('DENIED', 'storage quota exceeded')], /its quota is used up/],
    ['a quota in a status', [507, ''], /its quota is used up/],
    [
      'a wrong name',
      [400, json('NAME_INVALID', 'invalid repository name')],
      /does not take team\/web as a repository's name/,
    ],
    [
      'a missing repository',
      [404, json('NAME_UNKNOWN', 'not known')],
      /has no repository team\/web/,
    ],
    ['a locked tag', [409, json('DENIED', 'tag is immutable')], /r\.io\/team\/web:1 is locked/],
    [
      'a mirror',
      [405, json('UNSUPPORTED')],
      /does not let anybody push to it\. It says: UNSUPPORTED/,
    ],
    [
      'a wrong manifest',
      [400, json('MANIFEST_INVALID', 'bad')],
      /was answered with 400\. It says: bad/,
    ],
    ['a page of a gateway', [418, '<html>teapot</html>'], /was answered with 418/],
    [
      'hostile words',
      [403, json('DENIED', 'a\n::error::b\u001b[2J')],
      /It says: a ::error::b\. Give/,
    ],
    [
      'what is no error',
      [403, '{"errors":[null,7,{"code":{}}]}'],
      /does not let this identity push/,
    ],
  ])('is final after %s', (_name, answer, message) => {
    const failure = explained(answer);
    expect(failure.message).toMatch(message);
    expect(failure).not.toBeInstanceOf(Passing);
    expect(failure).not.toBeInstanceOf(BlobUnknown);
  });

  it.each<[string, Answer, number | undefined]>([
    ['429', [429, json('TOOMANYREQUESTS'), { 'retry-after': '3' }], 3000],
    ['503', [503, 'down'], undefined],
    ['an upload that is lost', [404, json('BLOB_UPLOAD_UNKNOWN')], undefined],
    ['a wrong offset', [416, ''], undefined],
    ['content that changed on the way', [400, json('DIGEST_INVALID')], undefined],
  ])('may pass after %s', (_name, answer, waitMs) => {
    const failure = explained(answer);
    expect(failure).toBeInstanceOf(Passing);
    expect((failure as Passing).waitMs).toBe(waitMs);
  });

  it.each<Answer>([
    [404, json('MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry')],
    [400, json('BLOB_UNKNOWN')],
    [400, json('UNKNOWN', 'blob unknown to registry')],
  ])('is a blob to be sent again: %j', (...answer) => {
    expect(explained(answer)).toBeInstanceOf(BlobUnknown);
  });

  it.each<[Answer, boolean]>([
    [[401, json('UNAUTHORIZED')], true],
    [[403, json('DENIED')], true],
    [[405, json('UNSUPPORTED')], true],
    [[400, json('MANIFEST_INVALID')], false],
    [[404, json('NAME_UNKNOWN')], false],
  ])('tells a missing right from other troubles: %j', (answer, denied) => {
    expect(explained(answer) instanceof Denied).toBe(denied);
  });

  it('names the right to delete', () => {
    expect(explained([401, json('UNAUTHORIZED'), azure], 'delete from').message).toMatch(
      /AcrDelete/,
    );
    expect(explained([405, json('UNSUPPORTED')], 'delete from').message).toMatch(/Allow deletion/);
  });

  it('says that there was no login', () => {
    const { message } = explained([401, json('UNAUTHORIZED')], 'push to', false);
    expect(message).toMatch(
      /does not let us push to team\/web\. No credential is known here\. Log in/,
    );
  });
});
