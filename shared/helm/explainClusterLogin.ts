import type { FailureParts } from '../failure/Failure.ts';
import { explainProgram } from '../kube/LoginFailed.ts';
import { plainText } from '../log/sanitize.ts';

/** The API server answered 401, as client-go says it. */
const noLonger = /the server has asked for the client to provide credentials|: Unauthorized\b/;

/**
 * Whether Helm failed because the kubeconfig's own program did not log in; that looks like a cluster
 * that cannot be reached.
 *
 * @param stderr of Helm (untrusted), with what the program itself printed before
 */
export function explainClusterLogin(stderr: string): FailureParts | undefined {
  const text = plainText(stderr);
  const found = /getting credentials: (?:exec: )?(?:executable (\S+) )?(.*)/.exec(text);
  if (found === null) {
    if (!noLonger.test(text)) return undefined;
    return {
      what: 'Input kubeconfig: the API server does not accept its user any more (401).',
      why: 'Its token or certificate has ended.',
      remedy:
        'Renew it, and give one that lives longer than `timeout`. The next deploy repairs what this one left.',
    };
  }
  const [, program = 'of its `exec`', why = ''] = found;
  if (/not found|permission denied/.test(why)) return explainProgram(program, undefined);
  const itself = text.slice(0, found.index).split('\n').slice(0, -1).join('\n').trim();
  return explainProgram(program, itself === '' ? why : itself);
}
