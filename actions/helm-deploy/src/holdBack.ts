import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { readManifests } from '../../../shared/helm/manifests/readManifests.ts';
import { splitLate } from '../../../shared/helm/manifests/splitLate.ts';
import { preparePostRender } from '../../../shared/helm/postRenderers.ts';
import { servedKinds } from '../../../shared/kube/servedKinds.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Result } from './deploy.ts';
import type { Cluster } from './openCluster.ts';
import { renderManifest } from './renderManifest.ts';

/** Helm, like our preflight, refuses the whole of a chart that has one such object, and nothing is written. */
export function isNotServed({ failure, status }: Result): boolean {
  const told = `${failure?.what}\n${failure?.details}`;
  return status === 'failed' && /no matches for kind "|The cluster does not serve /.test(told);
}

/**
 * Plans a chart in two stages: a first one without the objects whose kinds the cluster does not serve
 * yet, such as those that an operator of the same chart defines.
 *
 * @returns `undefined` where nothing in the chart could bring the kinds
 */
export async function holdBack(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<DeployPlan['first']> {
  const text =
    plan.postRender === undefined
      ? (await renderManifest(plan, cluster, runner)).text
      : await readFile(plan.postRender.file, 'utf8');
  const objects = objectsOf(text, plan.namespace);
  const served = await servedKinds(
    cluster.api,
    objects.map(({ apiVersion }) => apiVersion),
  );
  const { now, late, never } = splitLate(objects, ({ apiVersion, kind }) =>
    Boolean(served.get(apiVersion)?.has(kind)),
  );
  if (now.length === 0 || late.length === 0 || never.length > 0) return undefined;
  const file = join(runner.tempDir, 'first.yaml');
  await preparePostRender(file);
  await writeFile(file, now.map((object) => object.text).join('---\n'));
  return { change: { postRender: { program: 'cat', file } }, late };
}

/** A chart may render what Helm takes and we do not. */
function objectsOf(text: string, namespace: string) {
  try {
    return readManifests([{ file: 'the rendered chart', text }], namespace);
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    return [];
  }
}
