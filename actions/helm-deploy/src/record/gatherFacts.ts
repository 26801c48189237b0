import type { Runner } from '../../../../shared/action/Runner.ts';
import { canonicalDigest } from '../../../../shared/evidence/canonicalJson.ts';
import type { JudgedImage } from '../../../../shared/evidence/judgeImages.ts';
import { recordOf, type Written } from '../../../../shared/helm/readRelease.ts';
import {
  type RevisionRef,
  storedPath,
  unpackRelease,
} from '../../../../shared/helm/storedRelease.ts';
import type { KubeApi } from '../../../../shared/kube/KubeApi.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { digestOf } from '../../../../shared/oci/putManifest.ts';
import { imagesOfRelease } from '../evidence/imagesOfRelease.ts';
import { digestOfValues } from './digestOfValues.ts';
import type { ReleaseFacts, ReleaseImage } from './ReleaseFacts.ts';
import { runFacts } from './runFacts.ts';

/** A ConfigMap is at most 1 MiB, and a statement is read by people. */
const mostImages = 500;
const mostUsers = 20;

export interface Deployed extends RevisionRef {
  readonly environment: string | undefined;
  /** Of the chart, where it was fetched. */
  readonly chartDigest: string | undefined;
  readonly judged: readonly JudgedImage[];
}

/**
 * Reads what Helm keeps of a revision, and makes of it what is kept for others.
 *
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function gatherFacts(
  { environment, chartDigest, judged, ...ref }: Deployed,
  api: Pick<KubeApi, 'get'>,
  runner: Pick<Runner, 'env' | 'secrets'>,
): Promise<ReleaseFacts> {
  const { data } = await api.get<{ readonly data: { readonly release: string } }>(storedPath(ref));
  const stored = (await unpackRelease(data.release)) as Written;
  const record = recordOf(stored);
  const { name, version } = record.chart;
  const verdicts = new Map(judged.map((one) => [one.image, one]));
  return {
    ...{ version: 1, ...ref, deployedAt: new Date().toISOString(), environment },
    chart: { name, version, digest: chartDigest, content: canonicalDigest(stored.chart) },
    values: { digest: digestOfValues(record.config, runner.secrets) },
    manifest: { digest: digestOf(record.manifest) },
    images: imagesOfRelease(record)
      .slice(0, mostImages)
      .map(({ image, usedBy }) => ({
        image: oneLine(image, 500),
        usedBy: usedBy.slice(0, mostUsers).map((user) => oneLine(user)),
        ...verdictOf(verdicts.get(image)),
      })),
    run: runFacts(runner),
  };
}

function verdictOf(judged: JudgedImage | undefined): Pick<ReleaseImage, 'verdict'> {
  if (judged?.verdict === undefined) return {};
  const { policy, verifier, verifiedAt } = judged.verdict;
  return {
    verdict: {
      result: 'PASSED',
      policy: oneLine(policy.uri, 500),
      verifier: oneLine(verifier, 500),
      verifiedAt: verifiedAt.toISOString(),
    },
  };
}
