import { Failure } from '../../../../shared/failure/Failure.ts';
import { nearest } from '../../../../shared/text/nearest.ts';

export type Options = Readonly<Record<string, string>>;

/** What the input `builder` asks for. */
export type Wish =
  | { readonly kind: 'current' }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'start'; readonly options: Options }
  | { readonly kind: 'kubernetes' | 'docker-container'; readonly options: Options };

const resources = ['cpu', 'memory', 'ephemeral-storage'];

/** The options of each builder that is made for the step; buildx's own names where it has one. */
export const knownOptions = {
  start: ['root', 'config', 'rootless', 'process-sandbox'],
  'docker-container': [
    ...['image', 'network', 'memory', 'memory-swap', 'cpu-period', 'cpu-quota', 'cpu-shares'],
    ...['cpuset-cpus', 'cpuset-mems', 'cgroup-parent', 'config'],
  ],
  kubernetes: [
    ...['namespace', 'image', 'replicas', 'rootless', 'timeout', 'loadbalance', 'config'],
    ...resources.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
    ...['nodeselector', 'tolerations', 'annotations', 'labels', 'serviceaccount', 'schedulername'],
    ...['qemu.install', 'qemu.image', 'persistent-volume-claim.requests.storage'],
    'buildkit-root-volume-memory',
  ],
} as const;

/**
 * Reads the input `builder`: an address; `start`, `docker-container` or `kubernetes`, with options
 * behind a `?` (`kubernetes://builds?replicas=2`); or the name of a builder.
 *
 * @param wanted the input
 * @param env where `BUILDKIT_HOST` and `BUILDX_BUILDER` stand in for it
 * @throws {Failure} for an option that is not known
 */
export function readWish(
  wanted: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Wish {
  if (wanted === undefined) {
    if (env.BUILDKIT_HOST) return { kind: 'address', address: env.BUILDKIT_HOST };
    return env.BUILDX_BUILDER ? { kind: 'named', name: env.BUILDX_BUILDER } : { kind: 'current' };
  }
  if (/^(unix|tcp|docker-container|kube-pod|ssh):\/\//.test(wanted)) {
    return { kind: 'address', address: wanted };
  }
  const made =
    /^(start|docker-container|kubernetes)(?:\?(.*))?$/.exec(wanted) ??
    /^(kubernetes):\/\/[^?]*(?:\?(.*))?$/.exec(wanted);
  if (made === null) return { kind: 'named', name: wanted };
  const [, kind, query] = made as unknown as [string, keyof typeof knownOptions, string?];
  const [, namespace] = /^kubernetes:\/\/([^?/]+)/.exec(wanted) ?? [];
  return { kind, options: { ...(namespace && { namespace }), ...readOptions(kind, query) } };
}

function readOptions(kind: keyof typeof knownOptions, query = ''): Options {
  const known: readonly string[] = knownOptions[kind];
  const options: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query.replaceAll('+', '%2B'))) {
    if (!known.includes(name)) {
      const meant = nearest(name, known);
      throw new Failure({
        what: `Input builder: ${JSON.stringify(name)} is not an option of ${kind}.`,
        remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}There are ${known.join(', ')}.`,
      });
    }
    options[name] = value;
  }
  return options;
}
