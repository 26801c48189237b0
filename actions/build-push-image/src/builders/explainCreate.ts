import type { FailureParts } from '../../../../shared/failure/Failure.ts';
import { plainText } from '../../../../shared/log/sanitize.ts';

/** What the API server, the pods and the docker engine say, through buildx. */
const causes: readonly (readonly [
  RegExp,
  (found: RegExpExecArray) => Pick<FailureParts, 'why' | 'remedy'>,
])[] = [
  [
    /User "([^"]+)" cannot (\w+) resource "([^"]+)"[^\n]*?in the namespace "([^"]+)"/,
    ([, user, verb, resource, namespace]) => ({
      why: `The user ${user} may not ${verb} ${resource} in the namespace ${namespace}.`,
      remedy:
        'Give it a role there: create, get, list and delete on deployments and configmaps, list on pods, create on pods/exec.',
    }),
  ],
  [
    /namespaces? "([^"]+)" not found/,
    ([, namespace]) => ({
      why: `There is no namespace ${namespace}.`,
      remedy: 'Create it, or name another one: `kubernetes://NAMESPACE`.',
    }),
  ],
  [
    /exceeded quota[^\n]*/,
    ([said]) => ({ why: `${said}.`, remedy: 'Ask for less, or for another quota.' }),
  ],
  [
    /expected \d+ replicas to be ready, got \d+|timed out|context deadline exceeded/,
    () => ({
      why: 'Its pods did not become ready in time.',
      remedy:
        'See what `kubectl describe pods` says in that namespace: an image that cannot be pulled (`image=`), privileged pods that are refused (`rootless=true`), or no room (`requests.…`, `timeout=`).',
    }),
  ],
  [
    /kubernetes driver requires|no configuration has been provided|current-context|couldn't get current server|connection refused|no such host|context .* not found/,
    () => ({
      why: 'No cluster answers.',
      remedy: 'Log in to the cluster in an earlier step, so that KUBECONFIG names it.',
    }),
  ],
];

/**
 * Why a builder could not be made.
 *
 * @param output what `buildx create` wrote (untrusted)
 */
export function explainCreate(driver: string, output: string): FailureParts {
  const text = plainText(output).trim();
  const said = (text.split('\n').at(-1) ?? '').replace(/^ERROR: /, '');
  for (const [pattern, explain] of causes) {
    const found = pattern.exec(text);
    if (found) {
      return { what: `A builder (${driver}) could not be made.`, ...explain(found), details: text };
    }
  }
  return {
    what: `A builder (${driver}) could not be made.`,
    why: said === '' ? 'buildx said nothing.' : `${said}.`,
    remedy: 'Correct its options in `builder`, or give the address of a BuildKit.',
    details: text,
  };
}
