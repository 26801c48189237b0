import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { askGitHub } from '../../../shared/github/askGitHub.ts';
import type { PinnedReference } from '../../../shared/oci/Reference.ts';
import { type InspectContext, inspectTarget } from '../../../shared/trivy/inspectTarget.ts';
import type { Target } from '../../../shared/trivy/Target.ts';
import type { Inspection } from '../../../shared/verdict/Inspection.ts';
import { type FoundBaseline, findBaseline } from './baseline/findBaseline.ts';
import { findEffects } from './baseline/findEffects.ts';
import type { WantedBaseline } from './baseline/parseBaseline.ts';
import { type Baseline, inspectBaseline, outOfReach } from './baseline/resolveBaseline.ts';
import type { Gate } from './Gate.ts';
import type { Inputs } from './inputs.ts';

/** What the subject is compared with, as far as it can be told without a scan. */
export interface Comparison {
  readonly wanted: WantedBaseline;
  readonly found?: FoundBaseline;
  /** Why it could not be found. */
  readonly failure?: Failure;
}

/** Finds what the subject is compared with; nothing, where nobody asked for it. */
export async function findComparison(
  { baseline, target }: Inputs,
  image: PinnedReference | undefined,
  gate: Gate,
  runner: Runner,
): Promise<Comparison | undefined> {
  if (baseline === undefined) return undefined;
  const wanted =
    baseline.kind === 'report'
      ? { ...baseline, path: resolve(runner.env.GITHUB_WORKSPACE ?? '.', baseline.path) }
      : baseline;
  const { registry, event, github } = gate;
  const effects = findEffects({
    registry,
    repository: runner.env.GITHUB_REPOSITORY ?? '',
    get: (path) => {
      if (github !== undefined) return askGitHub(github, { path });
      throw new Failure({
        what: 'Without github-token GitHub cannot be asked what is deployed.',
        remedy: 'Leave github-token out, so that it is the job’s own.',
      });
    },
    currentBranch: event.number === undefined ? event.branch : undefined,
    cluster: target.kind === 'image' ? await clusterOf(target, runner) : undefined,
  });
  try {
    return { wanted, found: await findBaseline(wanted, image, effects) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { wanted, failure: error };
  }
}

async function clusterOf(
  { cluster }: Extract<Inputs['target'], { kind: 'image' }>,
  runner: Runner,
) {
  if (cluster === undefined) return undefined;
  const { openCluster } = await import('../../../shared/kube/openCluster.ts');
  const { api } = await openCluster({ kubeconfig: cluster.kubeconfig }, runner);
  return { api, namespaces: cluster.namespaces };
}

/** Looks into it; one that is out of reach is a gap of the verdict. */
export async function compareWith(
  { wanted, found, failure }: Comparison,
  image: PinnedReference | undefined,
  tools: Omit<InspectContext, 'keepIn'>,
  runner: Runner,
): Promise<Baseline> {
  if (found === undefined) return outOfReach(wanted, failure as Failure);
  const inspect = (target: Target) => inspectAside(target, tools, runner);
  try {
    return await inspectBaseline(found, image, { inspect });
  } catch (error) {
    runner.signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    return outOfReach(wanted, error);
  }
}

/** Inspects what is not judged itself; its report ends with the step. */
export async function inspectAside(
  target: Target,
  tools: Omit<InspectContext, 'keepIn'>,
  { tempDir }: Pick<Runner, 'tempDir'>,
): Promise<Inspection> {
  const keepIn = await mkdtemp(join(tempDir, 'aside-'));
  return (await inspectTarget(target, { ...tools, keepIn })).inspection;
}
