import type { FailureParts } from '../failure/Failure.ts';
import { plainText } from '../log/sanitize.ts';
import { withoutAddresses } from '../text/withoutAddresses.ts';
import { explainClusterLogin } from './explainClusterLogin.ts';

interface Cause {
  readonly pattern: RegExp;
  readonly explain: (found: RegExpExecArray) => Pick<FailureParts, 'what' | 'why' | 'remedy'>;
}

/** What Helm says when it fails before a rollout begins. */
const causes: readonly Cause[] = [
  {
    pattern: /values don't meet the specifications of the schema\(s\)[\s\S]*?:\n([\s\S]*)/,
    explain: ([, why = '']) => ({
      what: "Input values: the chart's schema refuses them.",
      why: why.trim().replace(/\s*\n(?:- )?\s*/g, ' '),
      remedy: 'Correct the named keys; the schema is values.schema.json of the chart.',
    }),
  },
  {
    pattern: /file '([^']+)' does not appear to be a gzipped archive|(Chart\.yaml file is missing)/,
    explain: () => ({
      what: 'Input chart: it is not a chart.',
      why: 'The file is no archive that `helm package` made.',
      remedy: 'Give the folder of a chart, or a .tgz that `helm package` made.',
    }),
  },
  {
    pattern: /found in Chart\.yaml, but missing in charts\/ directory: (.*)/,
    explain: ([, missing]) => ({
      what: `Input chart: its dependencies are not there: ${missing}.`,
      remedy: 'Run `helm dependency build` in an earlier step, or commit the `charts/` folder.',
    }),
  },
  {
    pattern: /failed to perform "\w+" on source: (.*)/,
    explain: ([, why = '']) => ({
      what: 'Input chart: it cannot be fetched from its registry.',
      why: `${why}.`,
      remedy: /\b40[13]\b|\bunauthorized\b|\bdenied\b/i.test(withoutAddresses(why))
        ? 'Log in to the registry in an earlier step.'
        : 'Check the address and the version, and that this runner reaches the registry.',
    }),
  },
  {
    pattern: /"sh\.helm\.release\.v1\.[^"]+" is invalid: data: Too long.*/,
    explain: ([line]) => ({
      what: 'The release is larger than the 1 MiB that a cluster keeps of it.',
      why: `Helm stores the chart, its values and its objects in one Secret, packed: ${line}.`,
      remedy:
        'Take large files out of the chart (`.helmignore`) and out of ConfigMaps, or split it into several releases.',
    }),
  },
  {
    pattern: /failed calling webhook "([^"]+)": (.*)/,
    explain: ([, webhook, why]) => ({
      what: `The webhook ${webhook} does not answer, and without it the cluster admits nothing of its kind.`,
      why: `${why}.`,
      remedy: 'Mend what serves it, or ask its owners; then run this again.',
    }),
  },
  {
    pattern: /(\S+) "([^"]+)" is invalid: (.*)/,
    explain: ([, kind, object, why]) => ({
      what: `The API server refuses ${kind} ${object} of the chart.`,
      why: `${why}.`,
      remedy: /immutable/.test(why ?? '')
        ? 'Change it back, or delete the object first: this field cannot change.'
        : 'Correct the named field in the chart or the values.',
    }),
  },
  {
    pattern: /execution error at \(([^)]+)\): (.*)/,
    explain: ([, at, why]) => ({
      what: `The chart refuses its values at ${at}.`,
      why: `${why}.`,
      remedy: 'Set what it asks for in `values`.',
    }),
  },
  {
    pattern: /(?:parse error|template:|YAML parse error on) .*/,
    explain: ([line]) => ({
      what: 'The chart cannot be rendered.',
      why: `${line}.`,
      remedy: 'Correct the template, or the value that it does not expect.',
    }),
  },
  {
    pattern: /admission webhook "([^"]+)" denied the request: (.*)/,
    explain: ([, webhook, why]) => ({
      what: `The cluster's policy (${webhook}) refuses an object of the chart.`,
      why: `${why}.`,
      remedy: 'Change what the policy names; nothing of this object was written.',
    }),
  },
  {
    pattern: /namespaces "([^"]+)" not found/,
    explain: ([, namespace]) => ({
      what: `Input namespace: the cluster has no namespace ${namespace}.`,
      remedy: 'Create it, or set `create-namespace: true`.',
    }),
  },
  {
    pattern: /(\S+ ?"?[^"]*"? is forbidden: .*)/,
    explain: ([, why]) => ({
      what: 'The kubeconfig’s user may not do what the chart needs.',
      why: `${why}.`,
      remedy:
        'Grant it the named verb on the named resource (a Role and a RoleBinding in the namespace).',
    }),
  },
  {
    pattern:
      /(\S+) "([^"]+)" in namespace "([^"]*)" exists and cannot be imported into the current release/,
    explain: ([, kind, name, namespace]) => ({
      what: `${kind} ${name}${namespace ? ` in namespace ${namespace}` : ''} is there already and belongs to no release, or to another one.`,
      why: 'Helm does not change what it did not make.',
      remedy:
        'When it was applied by hand or by kubectl before, set `take-ownership: true` once; else give it another name.',
    }),
  },
  {
    pattern: /applying object (\S+) \S*, Kind=(\S+): Apply failed with \d+ conflicts?: ([\s\S]*)/,
    explain: ([, name, kind, why = '']) => ({
      what: `${kind} ${name} has fields that belong to another program or person.`,
      why: `The API server says: ${why.trim().replace(/\s*\n(?:- )?\s*/g, ' ')}`,
      remedy:
        'Leave these fields out of the chart (an autoscaler’s `replicas`, for example); or set `take-ownership: true` once, when nobody else changes them any more.',
    }),
  },
  {
    pattern: /another operation \(install\/upgrade\/rollback\) is in progress/,
    explain: () => ({
      what: 'Another Helm command works on this release.',
      remedy: 'Wait for it; when nothing runs any more, the next deploy repairs the release.',
    }),
  },
  {
    pattern: /no matches for kind "([^"]+)" in version "([^"]+)"/,
    explain: ([, kind, version]) => ({
      what: `The cluster does not serve ${kind} of ${version}.`,
      remedy: 'Install its definition (CRD) first, or change the API version in the chart.',
    }),
  },
];

/**
 * Tells in words why Helm failed without a rollout to blame.
 *
 * @param output what Helm printed (untrusted)
 */
export function explainHelmError(output: string): Pick<FailureParts, 'what' | 'why' | 'remedy'> {
  const login = explainClusterLogin(output);
  if (login !== undefined) return login;
  const text = plainText(output);
  for (const { pattern, explain } of causes) {
    const found = pattern.exec(text);
    if (found) return explain(found);
  }
  const line = text.split('\n').findLast((candidate) => candidate.startsWith('Error:'));
  return {
    what: 'Helm failed.',
    why: line?.replace(/^Error: /, '') ?? text.trim().split('\n').at(-1),
    remedy: 'Its whole output is in the details.',
  };
}
