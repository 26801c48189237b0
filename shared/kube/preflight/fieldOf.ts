import { at, listAt, textAt } from './KubeObject.ts';

/** What a message is about, by words in it, and where that is within a container. */
const inContainer: readonly (readonly [RegExp, string])[] = [
  [/allowPrivilegeEscalation|privilege escalation/i, 'securityContext.allowPrivilegeEscalation'],
  [/privileged/i, 'securityContext.privileged'],
  [/runAsNonRoot|as root/i, 'securityContext.runAsNonRoot'],
  [/capabilit/i, 'securityContext.capabilities'],
  [/read-?only ?root/i, 'securityContext.readOnlyRootFilesystem'],
  [/seccomp/i, 'securityContext.seccompProfile'],
  [/limit/i, 'resources.limits'],
  [/request/i, 'resources.requests'],
  [/liveness/i, 'livenessProbe'],
  [/readiness/i, 'readinessProbe'],
  [/image|repo|registr|tag\b|digest/i, 'image'],
];

const inPod: readonly (readonly [RegExp, string])[] = [
  [/hostNetwork|host network/i, 'spec.hostNetwork'],
  [/hostPID/i, 'spec.hostPID'],
  [/hostIPC/i, 'spec.hostIPC'],
  [/hostPath/i, 'spec.volumes'],
  [/label/i, 'metadata.labels'],
  [/annotation/i, 'metadata.annotations'],
  [/replica/i, 'spec.replicas'],
];

/**
 * The field of an object that a policy's message is about, as far as it can be told: one that the
 * message names, the one whose value it quotes, or one of a container that it names.
 */
export function fieldOf(message: string, object: unknown): string | undefined {
  return (
    named(message) ??
    quoted(message, object) ??
    ofContainer(message, object) ??
    word(message, inPod)
  );
}

/** `spec.containers[0].image`, or `/spec/containers/0/image/` as Kyverno writes it. */
function named(message: string): string | undefined {
  const [dotted] = /\b(?:spec|metadata)(?:\.[A-Za-z]\w*|\[\d+\])+/.exec(message) ?? [];
  if (dotted !== undefined) return dotted;
  const [, slashed] = /\s\/((?:spec|metadata)(?:\/[\w-]+)+)/.exec(message) ?? [];
  return slashed?.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.');
}

const shortestQuote = 4;

/** The longest value that stands in the message, when it is the only place that has it. */
function quoted(message: string, object: unknown): string | undefined {
  let best: { value: string; paths: string[] } = { value: '', paths: [] };
  for (const [path, value] of leaves(object, '')) {
    if (value.length < shortestQuote || /(^|\.)name$|^(kind|apiVersion)$/.test(path)) continue;
    if (value.length < best.value.length || !standsIn(message, value)) continue;
    best =
      value === best.value ? { value, paths: [...best.paths, path] } : { value, paths: [path] };
  }
  return best.paths.length === 1 ? best.paths[0] : undefined;
}

/** As a word of its own. */
function standsIn(message: string, value: string): boolean {
  const index = message.indexOf(value);
  if (index === -1) return false;
  return (
    !/[\w/]/.test(message[index - 1] ?? '') && !/[\w/:]/.test(message[index + value.length] ?? '')
  );
}

function* leaves(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const below = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    yield* leaves(item, below);
  }
}

function ofContainer(message: string, object: unknown): string | undefined {
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const [index, container] of listAt(object, 'spec', list).entries()) {
      const name = textAt(container, 'name');
      const names = new RegExp(`[<"'\`: ]${name?.replace(/\W/g, '\\$&')}([>"'\`,;.]|$)`);
      if (name === undefined || !names.test(message)) continue;
      const about = word(message.replace(names, ' '), inContainer);
      const path = `spec.${list}[${index}]`;
      return about === undefined ? path : `${path}.${about}`;
    }
  }
  const only = listAt(object, 'spec', 'containers');
  const about =
    only.length === 1 && at(object, 'kind') === 'Pod' ? word(message, inContainer) : undefined;
  return about === undefined ? undefined : `spec.containers[0].${about}`;
}

function word(message: string, words: typeof inPod): string | undefined {
  return words.find(([pattern]) => pattern.test(message))?.[1];
}
