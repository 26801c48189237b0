import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import { explainHelmError } from '../../../shared/helm/explainHelmError.ts';
import { preparePostRender } from '../../../shared/helm/postRenderers.ts';
import type { Cluster } from './openCluster.ts';

export interface Rendered {
  /** Of all objects; Helm 3 leaves its hooks out. */
  readonly text: string;
  /** Where it stands, for Helm to be given in the place of what it renders. */
  readonly file: string;
}

/**
 * Renders a chart as an upgrade would, with what its templates look up in the cluster.
 *
 * @throws {Failure} when it cannot be rendered
 */
export async function renderManifest(
  plan: UpgradePlan,
  { helm }: Pick<Cluster, 'helm'>,
  { tempDir, signal }: Pick<Runner, 'tempDir' | 'signal'>,
): Promise<Rendered> {
  const file = join(tempDir, 'manifest.yaml');
  await preparePostRender(file);
  const outcome = await helm.dryRun({ ...plan, postRender: { program: 'tee', file } }, signal);
  signal.throwIfAborted();
  const text = await readFile(file, 'utf8');
  // Helm may fail on what comes after the rendering; the deploy itself tells that better.
  if (text !== '' || outcome.exitCode === 0) return { text, file };
  throw new Failure({
    ...explainHelmError(outcome.startError ?? outcome.stderr),
    details: outcome.stderr,
  });
}
