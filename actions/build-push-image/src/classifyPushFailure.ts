import { plainText } from '../../../shared/log/sanitize.ts';

export interface PushFailure {
  /**
   * `passing`: another try may succeed. `login`: so it may after a new login; the old one has ended or
   * never was. `final`: no other try can succeed.
   */
  readonly kind: 'passing' | 'login' | 'final';
  /** What could not be pushed. */
  readonly reference: string;
  /** In BuildKit's words: untrusted. */
  readonly why: string;
}

/** A line of buildx's own; what a RUN step prints comes with its time before it. */
const pushError =
  /^(?:#\d+ )?ERROR: (?:failed to build: )?(?:failed to solve: )?failed to push (\S+): (.+)$/;

/**
 * Most telling first. BuildKit gives a status where the registry's answer was no error of the
 * distribution specification, else the error's code in lower case, or `unknown:` and its message.
 */
const kinds: readonly (readonly [PushFailure['kind'], RegExp])[] = [
  ['final', /quota|insufficient storage|storage limit/i],
  ['passing', /toomanyrequests|429 Too Many Requests/i],
  // Says `denied` whether the identity may not push or the login was for reading only: BuildKit had
  // asked for a new token before it said so.
  ['final', /insufficient_scope|push access denied|\bdenied\b|403 Forbidden/i],
  ['final', /invalid repository name|name invalid|repository name not (?:known|valid)/i],
  ['final', /405 Method Not Allowed|unsupported|manifest invalid|immutable|disallowed/i],
  // A wrong name; a name server that has a bad day says something else.
  ['final', /no such host/i],
  ['final', /x509:|certificate|server gave HTTP response to HTTPS client/i],
  ['passing', /blob unknown|digest did not match|upload (?:unknown|invalid)/i],
  ['login', /\bunauthorized\b|authentication required|401 Unauthorized|authorization failed/i],
];

/**
 * What kind of failure of a push made a build fail: the image is built then, and can be exported from
 * the builder's cache.
 *
 * @param output all that buildx printed (untrusted)
 * @returns `undefined` when it was not a push that failed
 */
export function classifyPushFailure(output: string): PushFailure | undefined {
  const found = plainText(output)
    .split('\n')
    .map((line) => pushError.exec(line))
    .findLast((match) => match !== null);
  if (!found) return undefined;
  const [, reference = '', why = ''] = found;
  // Servers' troubles and the network's have many words. What is not known here is worth a try, which
  // tells more than BuildKit does.
  const kind = kinds.find(([, pattern]) => pattern.test(withoutAddresses(why)))?.[0] ?? 'passing';
  return { kind, reference, why };
}

/** Names of repositories could read like an error. */
function withoutAddresses(why: string): string {
  return why
    .replace(/"?https?:\/\/[^\s"]+"?/g, '')
    .replace(/(?:manifest|config|layer)-sha256:\w+/g, '');
}
