import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { sentence } from '../../../shared/failure/sentence.ts';
import type { Obstacle } from '../../../shared/kube/preflight/Obstacle.ts';
import { type Preflight, preflight } from '../../../shared/kube/preflight/preflight.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { count } from '../../../shared/text/count.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Cluster } from './openCluster.ts';
import type { Rendered } from './renderFirst.ts';

/** An annotation is read; the rest of them is in the details. */
const mostInOne = 5;
const mostShown = 20;
const nothing = 'Nothing was changed.';

/**
 * Tries the release on the API server before the first write, and says what it finds.
 *
 * @param changed what was written already
 * @returns what stands in the way, the worst first; `undefined` when nothing certain does, or it is only
 *   to be warned of
 */
export async function checkFirst(
  rendered: Rendered,
  verb: 'install' | 'upgrade',
  plan: DeployPlan,
  cluster: Cluster,
  runner: Pick<Runner, 'log'>,
  changed = nothing,
): Promise<Failure | undefined> {
  const { release, namespace, createNamespace, preflight: mode } = plan;
  const { served, objects } = rendered;
  const found = await preflight(cluster.api, objects, {
    ...{ release, namespace, createNamespace, verb, served },
  });
  const obstacles = found.obstacles.filter((obstacle) => !isComing(obstacle, plan));
  const fatal = mode === 'enforce' ? obstacles.filter(({ certain }) => certain) : [];
  const others = obstacles.filter((obstacle) => !fatal.includes(obstacle));
  tell(found, others, runner);
  return failureOf(fatal, others, changed);
}

/** The step itself brings it, when nothing stands in the way. */
export function isComing(
  { rank, rule }: Pick<Obstacle, 'rank' | 'rule'>,
  { pullSecret }: Pick<DeployPlan, 'pullSecret'>,
): boolean {
  return rank === 'missing' && pullSecret !== undefined && rule === `Secret/${pullSecret.name}`;
}

function tell(
  { warnings, untried, tried }: Preflight,
  obstacles: readonly Obstacle[],
  { log }: Pick<Runner, 'log'>,
): void {
  log.info(`Tried first, without writing: ${count(tried, 'object')} and pods of the release.`);
  for (const line of untried.slice(0, mostShown)) log.untrusted(`Not tried: ${line}`);
  if (untried.length > mostShown) log.info(`Not tried: ${untried.length - mostShown} more.`);
  const told = [...obstacles.map(lineOf), ...warnings.map((text) => oneLine(text, 600))];
  for (const line of told.slice(0, mostShown)) log.warning(line);
  if (told.length > mostShown)
    log.warning(`${told.length - mostShown} more warnings before the deploy.`);
}

/**
 * The failure of a deploy that was not begun.
 *
 * @param others obstacles that alone would not keep it from being begun
 */
export function failureOf(
  obstacles: readonly Obstacle[],
  others: readonly Obstacle[] = [],
  changed = nothing,
): Failure | undefined {
  const [first, ...rest] = obstacles;
  if (first === undefined) return undefined;
  const also = rest.slice(0, mostInOne).map(({ what }) => what.replace(/\.$/, ''));
  const more = rest.length - also.length;
  const why = [
    first.why === undefined ? '' : sentence(first.why),
    also.length === 0 ? '' : `Also: ${also.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    changed,
  ];
  const all = [...obstacles, ...others];
  return new Failure({
    what: first.what,
    why: why.filter((text) => text !== '').join(' '),
    remedy: first.remedy,
    details:
      all.length < 2
        ? undefined
        : all.map((one, index) => `${index + 1}. ${lineOf(one)}`).join('\n'),
  });
}

function lineOf({ what, why, remedy }: Obstacle): string {
  return [what, why === undefined ? undefined : sentence(why), remedy]
    .filter((text) => text !== undefined)
    .join(' ');
}
