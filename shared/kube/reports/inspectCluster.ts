import { Failure } from '../../failure/Failure.ts';
import { formatReference, type PinnedReference } from '../../oci/Reference.ts';
import { sideBySide } from '../../oci/sideBySide.ts';
import { count } from '../../text/count.ts';
import type { Fact, Gap, Inspection } from '../../verdict/Inspection.ts';
import type { KubeApi } from '../KubeApi.ts';
import type { ClusterReport, ReportKind } from './ClusterReport.ts';
import { collectPods, collectReports } from './collect.ts';
import { ofImages } from './ofImages.ts';
import { ofObjects } from './ofObjects.ts';
import { ofStandards } from './ofStandards.ts';
import type { Part } from './Part.ts';
import { type RunningImage, workloadKey } from './RunningImage.ts';
import type { Namespaces } from './runningImages.ts';
import { type Survey, surveyPods } from './surveyPods.ts';

/** So many images are looked up in registries at a time. */
const lookUps = 4;

export interface ClusterQuery {
  readonly namespaces: Namespaces;
  readonly kinds: ReadonlySet<ReportKind>;
  /** An older report is as good as none. */
  readonly maxAgeMs: number | undefined;
}

export interface ClusterEffects {
  readonly now?: () => number;
  /**
   * The other digests of an image: of the manifests of its index and of their configurations. The
   * operator calls the configuration's the image's digest, where a pod has a tag (trivy-operator 2259).
   */
  readonly otherDigests?: (image: PinnedReference) => Promise<readonly string[]>;
}

/**
 * Reads what the reports in a cluster say of what runs in it now. Whatever they do not cover, and
 * whatever cannot be read, is a gap; only a cancellation, and a defect of ours, is thrown.
 */
export async function inspectCluster(
  api: Pick<KubeApi, 'get' | 'server'>,
  { namespaces, kinds, maxAgeMs }: ClusterQuery,
  { now = Date.now, otherDigests }: ClusterEffects = {},
): Promise<Inspection> {
  const notBefore = maxAgeMs === undefined ? undefined : new Date(now() - maxAgeMs);
  const [pods, ...collected] = await Promise.all([
    collectPods(api, namespaces),
    ...[...kinds].map(async (kind) => ({ kind, ...(await collectReports(api, kind, namespaces)) })),
  ]);
  const survey = surveyPods(pods.items);
  const byKind = new Map(collected.map(({ kind, items }) => [kind, items]));
  const images = await nameImages(survey, byKind, otherDigests);
  const parts = [...byKind].map(([kind, reports]): Part => {
    if (kind === 'compliance') return ofStandards(reports, notBefore);
    if (kind === 'misconfiguration') return ofObjects(reports, survey, notBefore);
    const namesOf = ({ digest }: RunningImage) => images.names.get(digest) ?? [];
    return ofImages(`${kind} report`, reports, survey, { notBefore, namesOf });
  });
  const used = parts.flatMap((part) => part.used);
  const unread = [...pods.gaps, ...collected.flatMap(({ gaps }) => gaps)];
  return {
    subject: subjectOf(api, namespaces),
    findings: parts.flatMap(({ findings }) => findings),
    gaps: [
      ...unread,
      ...nothingRuns(survey, pods.gaps, kinds),
      ...survey.gaps,
      // Where reports could not be read, it is no news that they cover nothing.
      ...(unread.length > 0 && used.length === 0 ? [] : parts.flatMap(({ gaps }) => gaps)),
    ],
    notices: [...survey.notices, ...images.notices, ...parts.flatMap(({ notices }) => notices)],
    facts: factsOf(survey, used),
    system: used.find(({ system }) => system?.endOfLife)?.system,
    scanner: used.find(({ scanner }) => scanner)?.scanner,
    scannedAt: oldest(used),
  };
}

/** Asks registries for other digests of those images of which no report names the first. */
async function nameImages(
  { images }: Survey,
  reports: ReadonlyMap<ReportKind, readonly ClusterReport[]>,
  otherDigests: ClusterEffects['otherDigests'],
): Promise<{ readonly names: ReadonlyMap<string, readonly string[]>; readonly notices: string[] }> {
  const names = new Map<string, readonly string[]>();
  const notices: string[] = [];
  if (otherDigests === undefined) return { names, notices };
  const ofImages = (['vulnerability', 'secret'] as const).flatMap(
    (kind) => reports.get(kind) ?? [],
  );
  const told = new Set(ofImages.map(({ digest }) => digest));
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

/** An empty namespace is most often a wrong name: it has no violations, and that says nothing. */
function nothingRuns(
  { images, gaps }: Survey,
  unread: readonly Gap[],
  kinds: ReadonlySet<ReportKind>,
): Gap[] {
  const ofWhatRuns = [...kinds].some((kind) => kind !== 'compliance');
  if (!ofWhatRuns || images.length + gaps.length + unread.length > 0) return [];
  return [
    {
      what: 'Nothing runs there, so there is nothing to judge.',
      remedy: 'Check the names of the namespaces, and that the release is deployed.',
    },
  ];
}

function subjectOf({ server }: Pick<KubeApi, 'server'>, namespaces: Namespaces): string {
  if (namespaces === 'all') return `cluster ${server}`;
  const noun = namespaces.length === 1 ? 'namespace' : 'namespaces';
  return `${noun} ${namespaces.join(', ')} of ${server}`;
}

function factsOf({ images, workloads }: Survey, used: readonly ClusterReport[]): Fact[] {
  const running = new Set([...workloads.values()].map(workloadKey)).size;
  const first = oldest(used);
  return [
    { name: 'Running', value: `${count(images.length, 'image')} in ${count(running, 'workload')}` },
    {
      name: 'Reports',
      value:
        first === undefined
          ? 'none'
          : `${used.length}, the oldest of ${first.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    },
  ];
}

function oldest(reports: readonly ClusterReport[]): Date | undefined {
  if (reports.length === 0) return undefined;
  return new Date(Math.min(...reports.map(({ updatedAt }) => updatedAt.getTime())));
}
