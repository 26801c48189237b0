import type { KubeObject } from './KubeObject.ts';

/** What Helm makes of an object in this deploy, and when. */
export type Phase = 'before' | 'release' | 'after' | 'never';

/**
 * When Helm makes an object: hooks of the other verbs (rollback, delete, test) are not made in a deploy.
 *
 * @param verb what this deploy is to Helm
 */
export function phaseOf({ metadata }: KubeObject, verb: 'install' | 'upgrade'): Phase {
  const hook = metadata.annotations?.['helm.sh/hook'];
  if (hook === undefined) return 'release';
  const hooks = hook.split(',').map((name) => name.trim());
  if (hooks.includes(`pre-${verb}`)) return 'before';
  return hooks.includes(`post-${verb}`) ? 'after' : 'never';
}
