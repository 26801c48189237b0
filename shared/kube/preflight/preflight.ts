import { sideBySide } from '../../oci/sideBySide.ts';
import { hasNamespace } from '../hasNamespace.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import type { Served } from './discover.ts';
import { findMissing } from './findMissing.ts';
import { phaseOf } from './hooks.ts';
import { type KubeObject, nameOf } from './KubeObject.ts';
import { missingKeys } from './missingKeys.ts';
import { type Obstacle, worstFirst } from './Obstacle.ts';
import { makesPods, podsToCome } from './podsToCome.ts';
import { podTemplateOf } from './podTemplates.ts';
import { quotaLeft } from './quotaLeft.ts';
import { sortByKind } from './sortByKind.ts';
import { type Tried, tryToCreate } from './tryObject.ts';
import { type ReleaseName, tryOne, tryPod } from './tryRelease.ts';

export interface PreflightOptions extends ReleaseName {
  /** Whether Helm creates the namespace when it is missing. */
  readonly createNamespace: boolean;
  readonly served: Served;
}

export interface Preflight {
  /** The worst first; nothing was written. */
  readonly obstacles: readonly Obstacle[];
  /** What the server warns of. */
  readonly warnings: readonly string[];
  /** What could not be tried, and why. */
  readonly untried: readonly string[];
  /** How many objects and pods were tried. */
  readonly tried: number;
}

type Api = Pick<KubeApi, 'attempt' | 'get'>;

/** As many as a browser would: the server has others to serve. */
const atMost = 16;

/**
 * Tries a rendered release on the API server without writing anything: each object as Helm would apply
 * it, a Pod of each template, and what these refer to. Policies, quotas and rights speak here, and not
 * in the middle of a rollout.
 *
 * @throws {Failure} when the server does not answer
 */
export async function preflight(
  api: Api,
  rendered: readonly KubeObject[],
  options: PreflightOptions,
): Promise<Preflight> {
  const { namespace, verb } = options;
  const inPhase = (...phases: string[]) =>
    rendered.filter((object) => phases.includes(phaseOf(object, verb)));
  const [before, objects] = [inPhase('before'), inPhase('release', 'after')];
  const all = [...before, ...objects];
  const sorted = sortByKind(all, options);
  const [thereIs, missing, quotas] = await Promise.all([
    hasNamespace(api, namespace),
    findMissing(api, { before, objects, namespace }),
    list(api, `/api/v1/namespaces/${namespace}/resourcequotas`),
  ]);
  if (!thereIs) return withoutNamespace(api, sorted, options);
  const triedObjects = await sideBySide(sorted.known, atMost, async (known) => ({
    ...known,
    result: await tryOne(api, known, options),
  }));
  const templates = triedObjects.flatMap(({ object, result }) => {
    const template = object.kind === 'Pod' ? undefined : podTemplateOf(object);
    return template === undefined ? [] : [{ template, owner: result.object }];
  });
  const pods = await sideBySide(templates, atMost, async ({ template, owner }) => ({
    name: nameOf(template.owner),
    count: owner === undefined ? 1 : podsToCome(owner),
    isCertain: owner === undefined || makesPods(owner),
    isHook: phaseOf(template.owner, verb) !== 'release',
    result: await tryPod(api, template, missing.absent, options),
  }));
  const refused = pods.flatMap(({ result, count, isCertain }) =>
    result.obstacles
      .filter(({ rank }) => rank !== 'quota' || count > 0)
      .map((obstacle) => (isCertain ? obstacle : { ...obstacle, certain: false })),
  );
  const coming = pods.flatMap(({ name, count, isHook, result }) =>
    isHook || result.object === undefined ? [] : [{ name, count, pod: result.object }],
  );
  const results: (Tried & { name: string })[] = [
    ...triedObjects.map(({ object, result }) => ({ ...result, name: nameOf(object) })),
    ...pods.map(({ name, result }) => ({ ...result, name: `pods of ${name}` })),
  ];
  return {
    obstacles: worstFirst(
      await withPatience(api, namespace, [
        ...sorted.obstacles,
        ...triedObjects.flatMap(({ result }) => result.obstacles),
        ...missing.obstacles,
        ...missingKeys(all),
        ...refused,
        ...quotaLeft(quotas, coming),
      ]),
    ),
    warnings: warningsOf(results, refused.length > 0),
    untried: [
      ...sorted.untried,
      ...results.flatMap(({ name, untried }) =>
        untried === undefined ? [] : [`${name}: ${untried}`],
      ),
    ],
    tried: results.length,
  };
}

/**
 * In a namespace that is not there nothing can be tried: the server refuses it before any policy sees it.
 * What has none can, and the namespace itself where it is to be created.
 */
async function withoutNamespace(
  api: Api,
  sorted: ReturnType<typeof sortByKind>,
  options: PreflightOptions,
): Promise<Preflight> {
  const { namespace, createNamespace } = options;
  const own: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const [made, others] = await Promise.all([
    createNamespace
      ? tryToCreate(api, '/api/v1/namespaces', { name: nameOf(own), object: own })
      : undefined,
    sideBySide(
      sorted.known.filter(({ namespaced }) => !namespaced),
      atMost,
      async (known) => ({ name: nameOf(known.object), ...(await tryOne(api, known, options)) }),
    ),
  ]);
  const tried = made === undefined ? others : [{ name: nameOf(own), ...made }, ...others];
  const within = sorted.known
    .filter(({ namespaced }) => namespaced)
    .map(({ object }) => nameOf(object));
  const none: Obstacle = {
    rank: 'namespace',
    certain: true,
    object: `Namespace/${namespace}`,
    what: `Input namespace: the cluster has no namespace ${namespace}.`,
    remedy: 'Create it, or set `create-namespace: true`.',
  };
  return {
    obstacles: worstFirst([
      ...(createNamespace ? [] : [none]),
      ...sorted.obstacles,
      ...tried.flatMap(({ obstacles }) => obstacles),
    ]),
    warnings: warningsOf(tried, false),
    untried: [
      ...sorted.untried,
      ...(createNamespace ? within.map((name) => `${name}: its namespace is not there yet`) : []),
    ],
    tried: tried.length,
  };
}

async function list(api: Api, path: string): Promise<readonly KubeObject[]> {
  try {
    return (await api.get<{ readonly items: readonly KubeObject[] }>(path)).items;
  } catch (error) {
    // Who may not see quotas is told by them soon enough.
    if (error instanceof KubeProblem) return [];
    throw error;
  }
}

/** Pods that are just going give back what they had of a quota. */
async function withPatience(api: Api, namespace: string, obstacles: readonly Obstacle[]) {
  if (!obstacles.some(({ rank, certain }) => rank === 'quota' && certain)) return obstacles;
  const pods = await list(api, `/api/v1/namespaces/${namespace}/pods`);
  if (!pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined)) return obstacles;
  return obstacles.map((one) =>
    one.rule?.startsWith('quota ') && /exceeded/.test(one.why ?? '')
      ? { ...one, certain: false }
      : one,
  );
}

/** Each once; a level of Pod Security that refuses the pods warns of their owner, too. */
function warningsOf(
  results: readonly (Tried & { readonly name: string })[],
  refused: boolean,
): string[] {
  const told = new Set<string>();
  return results.flatMap(({ name, warnings }) =>
    warnings
      .filter((text) => !(refused && text.startsWith('would violate PodSecurity')))
      .filter((text) => !told.has(text) && told.add(text))
      .map((text) => `${name}: ${text}`),
  );
}
