import { oneLine } from '../../log/oneLine.ts';
import { fieldOf } from './fieldOf.ts';
import type { KubeObject } from './KubeObject.ts';
import type { Obstacle } from './Obstacle.ts';

/** An answer of the API server to an object that it was only asked to try (metav1.Status). */
export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly causes: readonly { readonly field?: string; readonly message?: string }[];
}

/** What was tried. */
export interface Trial {
  /** As the message names it: `Deployment/web`, also when its pod was tried. */
  readonly name: string;
  readonly object: KubeObject;
  /** Of a pod: where its owner has the template. */
  readonly template?: string | undefined;
}

/** What a refusal means: it stands in the way, or it says only that it could not be tried. */
export type Meaning = { readonly obstacles: readonly Obstacle[] } | { readonly untried: string };

const longestWhy = 600;

type Explain = (found: RegExpExecArray, trial: Trial, refusal: Refusal) => Meaning;

/** What the API server and what it asks say; the first that fits counts. */
const table: readonly (readonly [RegExp, Explain])[] = [
  [
    /admission webhook "([^"]+)" does not support dry run/,
    ([, webhook = '']) => ({ untried: `webhook ${oneLine(webhook)} does not support dry runs` }),
  ],
  [
    /^namespaces "([^"]+)" not found/,
    ([, namespace = ''], trial) => ({
      obstacles: [
        {
          rank: 'namespace',
          certain: true,
          object: trial.name,
          what: `The cluster has no namespace ${oneLine(namespace)}, where ${trial.name} wants to be.`,
          remedy: 'Create it before, or correct `metadata.namespace` in the chart.',
        },
      ],
    }),
  ],
  [/failed calling webhook "([^"]+)": (.*)/s, silentWebhook],
  [/admission webhook "([^"]+)" denied the request: (.*)/s, webhookDenial],
  [
    /ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied request: (.*)/s,
    ([, policy = '', binding = '', said = ''], trial) =>
      denial(
        trial,
        `policy ${policy}`,
        said,
        `ValidatingAdmissionPolicy ${policy} (bound by ${binding})`,
      ),
  ],
  [/violates PodSecurity "([^"]+)": (.*)/s, podSecurity],
  [/(?:exceeded|failed) quota: ([^,:]+)[,:] (.*)/s, quota],
  [
    /error looking up service account [^/]+\/(\S+): /,
    ([, name = ''], trial) => missing(trial, 'ServiceAccount', name, 'serviceAccountName'),
  ],
  [
    /no PriorityClass with name (\S+) was found/,
    ([, name = ''], trial) => missing(trial, 'PriorityClass', name, 'priorityClassName'),
  ],
  [
    /RuntimeClass "([^"]+)" not found/,
    ([, name = ''], trial) => missing(trial, 'RuntimeClass', name, 'runtimeClassName'),
  ],
  [/User "([^"]*)" cannot (\w+) resource "([^"]+)"(?: in API group "([^"]*)")?/, forbidden],
  [
    /is forbidden: (\[?(?:(?:maximum|minimum) \S+ usage per|\S+ max limit to request ratio per) .*)/s,
    limitRange,
  ],
  [/Apply failed with \d+ conflicts?: (.*)/s, conflict],
  [
    /failed to create typed patch object \([^)]*\): \.?([^:]+): (.*)/s,
    ([, field = '', said = ''], trial) => invalid(trial, [field], `${field}: ${said}`),
  ],
  [
    /strict decoding error: unknown field "([^"]+)"/,
    ([, field = ''], trial) => invalid(trial, [field], `${field}: there is no such field`),
  ],
  [
    / is invalid: (.*)/s,
    ([, said = ''], trial, { causes }) => invalid(trial, fields(causes), said),
  ],
];

/** Tells what a refusal means. What the server said is untrusted, and shortened to a line. */
export function explainRefusal(refusal: Refusal, trial: Trial): Meaning {
  for (const [pattern, explain] of table) {
    const found = pattern.exec(refusal.message);
    if (found) return explain(found, trial, refusal);
  }
  return {
    obstacles: [
      {
        rank: 'invalid',
        certain: refusal.code < 500,
        object: trial.name,
        what: `The API server refuses ${trial.name} of the chart (${refusal.code}).`,
        why: hides(trial) ? undefined : oneLine(refusal.message, longestWhy),
        remedy: 'Correct the object in the chart or the values.',
      },
    ],
  };
}

/** Messages about a Secret may quote what is in it. */
function hides({ object }: Trial): boolean {
  return object.kind === 'Secret';
}

function denial(trial: Trial, rule: string, said: string, by: string): Meaning {
  const implied = said.replace(/^\[Implied by [^\]]+\]\s*/, '');
  const field = hides(trial) ? undefined : placed(fieldOf(implied, trial.object), trial);
  const why = hides(trial)
    ? 'Its message is not shown: it may quote the secret'
    : oneLine(implied, longestWhy);
  return {
    obstacles: [
      {
        rank: 'policy',
        certain: true,
        object: trial.name,
        rule,
        field,
        what: `${oneLine(by)} refuses ${trial.name}${field === undefined ? '' : ` at ${field}`}.`,
        why,
        remedy: `Change ${field ?? 'what it names'} in the chart or the values, or ask the owners of the policy for an exception.`,
      },
    ],
  };
}

/** Gatekeeper tells all constraints that are broken, one a line, each in brackets. */
function webhookDenial([, webhook = '', said = '']: RegExpExecArray, trial: Trial): Meaning {
  const lines = said.split('\n').map((line) => /^\[([^\]]+)\] (.*)$/.exec(line.trim()));
  const constraints = lines.filter((line) => line !== null);
  if (constraints.length === 0) {
    return denial(trial, `webhook ${webhook}`, said, `The cluster's policy (${webhook})`);
  }
  const obstacles = constraints.flatMap(([, name = '', text = '']) => {
    const meaning = denial(trial, `constraint ${name}`, text, `Constraint ${name} (${webhook})`);
    return 'obstacles' in meaning ? meaning.obstacles : [];
  });
  return { obstacles };
}

function silentWebhook([, webhook = '', said = '']: RegExpExecArray, trial: Trial): Meaning {
  const name = oneLine(webhook);
  return {
    obstacles: [
      {
        rank: 'silent-webhook',
        certain: true,
        object: trial.name,
        rule: `webhook ${name}`,
        what: `The cluster's webhook ${name} does not answer, and nothing is admitted without it.`,
        why: oneLine(said.replace(/^failed to call webhook: /, ''), longestWhy),
        remedy: 'Bring what answers it back (its pods and its service), then run this again.',
      },
    ],
  };
}

function podSecurity([, level = '', said = '']: RegExpExecArray, trial: Trial): Meaning {
  const meaning = denial(trial, 'PodSecurity', said, `The namespace's Pod Security level ${level}`);
  if (!('obstacles' in meaning)) return meaning;
  const remedy = 'Set what it names in the securityContext of the pod and its containers.';
  return { obstacles: meaning.obstacles.map((obstacle) => ({ ...obstacle, remedy })) };
}

function quota([whole, name = '', said = '']: RegExpExecArray, trial: Trial): Meaning {
  const unset = /must specify (.*)/.exec(said)?.[1];
  return {
    obstacles: [
      {
        rank: 'quota',
        certain: true,
        object: trial.name,
        rule: `quota ${name}`,
        what: `Quota ${oneLine(name)} of the namespace does not let ${trial.name} make pods.`,
        why: oneLine(whole, longestWhy),
        remedy:
          unset === undefined
            ? 'Ask for less (`resources`, replicas), or raise the quota.'
            : 'Set these in `resources` of its containers, or give the namespace a LimitRange with defaults.',
      },
    ],
  };
}

function limitRange([, said = '']: RegExpExecArray, trial: Trial): Meaning {
  return {
    obstacles: [
      {
        rank: 'quota',
        certain: true,
        object: trial.name,
        rule: 'LimitRange',
        what: `The namespace's LimitRange does not admit pods of ${trial.name}.`,
        why: oneLine(said, longestWhy),
        remedy: 'Change `resources` of its containers, or the LimitRange.',
      },
    ],
  };
}

function missing(trial: Trial, kind: string, name: string, key: string): Meaning {
  const field = placed(`spec.${key}`, trial);
  return {
    obstacles: [
      {
        rank: 'missing',
        // As findMissing has it: something else may bring an account.
        certain: kind !== 'ServiceAccount',
        object: trial.name,
        rule: `${kind}/${name}`,
        field,
        what: `${trial.name} wants ${kind} ${oneLine(name)} (${field}), which is not there.`,
        remedy: 'Create it before, or let the chart create it; without it no pod is made.',
      },
    ],
  };
}

/** Pods are tried for their policies only: who deploys need not have the right to make them. */
function forbidden(
  [, user = '', verb = '', resource = '', group = '']: RegExpExecArray,
  trial: Trial,
): Meaning {
  const what = `${resource}${group === '' ? '' : `.${group}`}`;
  if (trial.template !== undefined) {
    return { untried: `user ${oneLine(user)} may not ${verb} ${what}` };
  }
  return {
    obstacles: [
      {
        rank: 'permission',
        certain: true,
        object: trial.name,
        rule: `${verb} ${what}`,
        what: `The kubeconfig’s user ${oneLine(user)} may not ${verb} ${oneLine(what)}, which ${trial.name} needs.`,
        remedy: `Grant the verbs get, create and patch on ${oneLine(what)} (a Role and a RoleBinding).`,
      },
    ],
  };
}

function conflict([, said = '']: RegExpExecArray, trial: Trial): Meaning {
  const others = [...said.matchAll(/conflicts? with "([^"]+)"/g)].map(([, name]) => name);
  const held = [...said.matchAll(/(?:^- |: )(\.[\w.[\]"={},/-]+)/gm)].map(([, path = '']) =>
    path.slice(1),
  );
  return {
    obstacles: [
      {
        rank: 'conflict',
        certain: true,
        object: trial.name,
        field: held[0],
        what: `${trial.name} of the cluster has fields that somebody else set: ${oneLine(held.join(', ') || 'see below')}.`,
        why: `They belong to ${oneLine(others.join(', '))}.`,
        remedy:
          'Leave them out of the chart (replicas, where an autoscaler sets them), or take the other one off.',
      },
    ],
  };
}

function invalid(trial: Trial, named: readonly string[], said: string): Meaning {
  const [field] = named.map((path) => placed(path, trial));
  return {
    obstacles: [
      {
        rank: 'invalid',
        certain: true,
        object: trial.name,
        field,
        what: `The API server refuses ${trial.name} of the chart.`,
        why: hides(trial) ? oneLine(named.join(', ')) : oneLine(said, longestWhy),
        remedy: /immutable/.test(said)
          ? 'Change it back, or delete the object first: this field cannot change.'
          : 'Correct the named field in the chart or the values.',
      },
    ],
  };
}

function fields(causes: Refusal['causes']): string[] {
  return causes.flatMap(({ field }) => (field === undefined ? [] : [field]));
}

/** A field of a pod, as its owner has it. */
function placed(field: string | undefined, { template = '' }: Trial): string | undefined {
  return field === undefined || template === '' ? field : `${template}.${field}`;
}
