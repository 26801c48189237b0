/** What stands against a deploy, the worst first: the later ones often go with the earlier. */
export const ranks = [
  'namespace',
  'api',
  'permission',
  'silent-webhook',
  'invalid',
  'policy',
  'conflict',
  'missing',
  'quota',
] as const;

/** Why a release would not come up, found before anything of it was written. */
export interface Obstacle {
  readonly rank: (typeof ranks)[number];
  /** Whether it keeps the release from coming up whatever happens; else something may still mend it. */
  readonly certain: boolean;
  /** `Deployment/web` */
  readonly object: string;
  /** The constraint, policy or quota that says so. */
  readonly rule?: string | undefined;
  /** Where in the object, as far as it can be told: `spec.template.spec.containers[0].image`. */
  readonly field?: string | undefined;
  readonly what: string;
  readonly why?: string | undefined;
  readonly remedy: string;
}

/**
 * The obstacles in the order in which a person should read them, each once: a policy that looks at a
 * Deployment as well as at its pods says the same of both.
 */
export function worstFirst(obstacles: readonly Obstacle[]): Obstacle[] {
  const once = new Map<string, Obstacle>();
  for (const obstacle of obstacles) {
    const key = [obstacle.object, obstacle.rule ?? obstacle.what, obstacle.why].join('\n');
    const known = once.get(key);
    if (known === undefined || (known.field === undefined && obstacle.field !== undefined)) {
      once.set(key, obstacle);
    }
  }
  const weight = ({ certain, rank }: Obstacle) =>
    (certain ? 0 : ranks.length) + ranks.indexOf(rank);
  return [...once.values()].toSorted((a, b) => weight(a) - weight(b));
}
