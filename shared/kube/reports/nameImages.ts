import { Failure } from '../../failure/Failure.ts';
import { formatReference } from '../../oci/Reference.ts';
import { sideBySide } from '../../oci/sideBySide.ts';
import type { ClusterReport, ReportKind } from './ClusterReport.ts';
import type { ClusterEffects } from './inspectCluster.ts';
import type { Survey } from './surveyPods.ts';

/** So many images are looked up in registries at a time. */
const lookUps = 4;

/** Asks registries for other digests of those images of which no report names the first. */
export async function nameImages(
  { images }: Survey,
  reports: ReadonlyMap<ReportKind, readonly ClusterReport[]>,
  otherDigests: ClusterEffects['otherDigests'],
): Promise<{ readonly names: ReadonlyMap<string, readonly string[]>; readonly notices: string[] }> {
  const names = new Map<string, readonly string[]>();
  const notices: string[] = [];
  if (otherDigests === undefined) return { names, notices };
  const ofContents = (['vulnerability', 'secret'] as const).flatMap(
    (kind) => reports.get(kind) ?? [],
  );
  const told = new Set(ofContents.map(({ digest }) => digest));
  const asked = images.filter(({ digest }) => told.size > 0 && !told.has(digest));
  await sideBySide(asked, lookUps, async ({ digest, reference }) => {
    if (reference === undefined) return;
    try {
      names.set(digest, await otherDigests(reference));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      notices.push(
        `Whether a report is about ${formatReference(reference)} could not be asked: ${error.what}`,
      );
    }
  });
  return { names, notices };
}
