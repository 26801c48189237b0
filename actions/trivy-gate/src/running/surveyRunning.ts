import { hash } from 'node:crypto';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { checkReachable } from '../../../../shared/kube/connect.ts';
import { openCluster } from '../../../../shared/kube/openCluster.ts';
import { collectPods } from '../../../../shared/kube/reports/collect.ts';
import { subjectOf } from '../../../../shared/kube/reports/describeCluster.ts';
import type { RunningImage } from '../../../../shared/kube/reports/RunningImage.ts';
import type { Namespaces } from '../../../../shared/kube/reports/runningImages.ts';
import { surveyPods } from '../../../../shared/kube/reports/surveyPods.ts';
import type { Gap } from '../../../../shared/verdict/Inspection.ts';
import { type Component, componentsOf } from './Component.ts';
import type { RunningTarget } from './RunningTarget.ts';

/** What runs, before any of it was scanned. */
export interface Running {
  /** As a person names it. */
  readonly subject: string;
  /** By what this cluster is told from another, without its address. */
  readonly cluster: string;
  readonly namespaces: Namespaces;
  readonly images: readonly RunningImage[];
  readonly components: readonly Component[];
  readonly gaps: readonly Gap[];
  readonly notices: readonly string[];
}

/**
 * Asks a cluster what runs in it. One that cannot be asked is a gap; only a cancellation, and a defect
 * of ours, is thrown.
 */
export async function surveyRunning(
  { cluster: { kubeconfig, namespaces } }: RunningTarget,
  runner: Pick<Runner, 'env' | 'log' | 'mask' | 'signal'>,
): Promise<Running> {
  try {
    const { api } = await openCluster({ kubeconfig }, runner);
    await checkReachable(api);
    const { items, gaps } = await collectPods(api, namespaces);
    const survey = surveyPods(items);
    const seen = [...gaps, ...survey.gaps];
    return {
      subject: subjectOf(api, namespaces),
      cluster: hash('sha256', api.server).slice(0, 12),
      namespaces,
      images: survey.images,
      components: componentsOf(items.flatMap(({ containers }) => containers)),
      gaps: seen.length + survey.images.length === 0 ? [nothing] : seen,
      notices: survey.notices,
    };
  } catch (error) {
    runner.signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    const subject = namespaces === 'all' ? 'the cluster' : `namespaces ${namespaces.join(', ')}`;
    const none = { images: [], components: [], notices: [] };
    return { ...none, subject, cluster: '', namespaces, gaps: [error] };
  }
}

/** Most often a wrong name: that nothing is wrong there says nothing. */
const nothing: Gap = {
  what: 'Nothing runs there, so there is nothing to judge.',
  remedy: 'Check the names of the namespaces, and that the release is deployed.',
};
