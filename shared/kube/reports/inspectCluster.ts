import type { PinnedReference } from '../../oci/Reference.ts';
import type { Gap, Inspection } from '../../verdict/Inspection.ts';
import type { KubeApi } from '../KubeApi.ts';
import type { ClusterReport, ReportKind } from './ClusterReport.ts';
import { collectPods, collectReports } from './collect.ts';
import { factsOf, oldest, subjectOf } from './describeCluster.ts';
import type { MatchOptions } from './matchReports.ts';
import { nameImages } from './nameImages.ts';
import { ofImages } from './ofImages.ts';
import { ofObjects } from './ofObjects.ts';
import { ofStandards } from './ofStandards.ts';
import { checkSettings, type Needs, readSettings } from './operatorSettings.ts';
import type { Part } from './Part.ts';
import type { RunningImage } from './RunningImage.ts';
import type { Namespaces } from './runningImages.ts';
import { type Survey, surveyPods } from './surveyPods.ts';

export interface ClusterQuery {
  readonly namespaces: Namespaces;
  readonly kinds: ReadonlySet<ReportKind>;
  /** An older report is as good as none. */
  readonly maxAgeMs: number | undefined;
  /** What the reports of images have to hold; without it the operator's settings are not looked at. */
  readonly needs?: Needs | undefined;
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
  { namespaces, kinds, maxAgeMs, needs }: ClusterQuery,
  { now = Date.now, otherDigests }: ClusterEffects = {},
): Promise<Inspection> {
  const notBefore = maxAgeMs === undefined ? undefined : new Date(now() - maxAgeMs);
  const ofContents = kinds.has('vulnerability') || kinds.has('secret');
  const [pods, settings, ...collected] = await Promise.all([
    collectPods(api, namespaces),
    needs !== undefined && ofContents
      ? readSettings(api).then((found) => checkSettings(found, needs))
      : { gaps: [], notices: [] },
    ...[...kinds].map(async (kind) => ({ kind, ...(await collectReports(api, kind, namespaces)) })),
  ]);
  const survey = surveyPods(pods.items);
  const byKind = new Map(collected.map(({ kind, items }) => [kind, items]));
  const images = await nameImages(survey, byKind, otherDigests);
  const namesOf = ({ digest }: RunningImage) => images.names.get(digest) ?? [];
  const parts = collected.map(({ kind, items, gaps }): Part => {
    const part = judgeKind(kind, items, survey, { notBefore, namesOf });
    // Where reports could not be read, it is no news that they cover nothing.
    return {
      ...part,
      gaps: items.length === 0 && gaps.length > 0 ? gaps : [...gaps, ...part.gaps],
    };
  });
  const used = parts.flatMap((part) => part.used);
  return {
    subject: subjectOf(api, namespaces),
    findings: parts.flatMap(({ findings }) => findings),
    gaps: [
      ...pods.gaps,
      ...nothingRuns(survey, pods.gaps, kinds),
      ...settings.gaps,
      ...survey.gaps,
      ...parts.flatMap(({ gaps }) => gaps),
    ],
    notices: [
      ...settings.notices,
      ...survey.notices,
      ...images.notices,
      // Of pods that were not seen it is not known that they are gone.
      ...(pods.gaps.length > 0 ? [] : parts.flatMap(({ notices }) => notices)),
    ],
    facts: factsOf(survey, used),
    system: used.find(({ system }) => system?.endOfLife)?.system,
    scanner: used.find(({ scanner }) => scanner)?.scanner,
    scannedAt: oldest(used),
  };
}

function judgeKind(
  kind: ReportKind,
  reports: readonly ClusterReport[],
  survey: Survey,
  options: MatchOptions,
): Part {
  if (kind === 'compliance') return ofStandards(reports, options.notBefore);
  if (kind === 'misconfiguration') return ofObjects(reports, survey, options.notBefore);
  return ofImages(`${kind} report`, reports, survey, options);
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
