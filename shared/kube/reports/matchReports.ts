import type { ClusterReport } from './ClusterReport.ts';
import { type RunningContainer, type RunningImage, workloadKey } from './RunningImage.ts';

/** A report with the container for whose image it speaks. */
export interface Match {
  readonly report: ClusterReport;
  readonly image: RunningImage;
  readonly container: RunningContainer;
}

/** No digest is like this. */
const nameless = '';

/** Who speaks for the containers, and those whose image nobody speaks for, or not in time. */
export interface Matches {
  readonly matches: readonly Match[];
  readonly missing: readonly RunningContainer[];
  /** There is a report of the container that does not say what content it has seen. */
  readonly unproven: readonly RunningContainer[];
  /** The only reports were made before the pod was. */
  readonly outdated: readonly RunningContainer[];
  /** The only reports are older than is allowed. */
  readonly stale: readonly RunningContainer[];
}

export interface MatchOptions {
  /** Reports that were made before are too old. */
  readonly notBefore: Date | undefined;
  /** The other digests of an image: of its platforms, and of their configurations. */
  readonly namesOf: (image: RunningImage) => readonly string[];
}

/**
 * Finds for each image that runs the reports about its content. A digest is the only proof: a report
 * of the same workload and tag may be about what the tag named before.
 */
export function matchReports(
  images: readonly RunningImage[],
  reports: readonly ClusterReport[],
  { notBefore, namesOf }: MatchOptions,
): Matches {
  const byDigest = Map.groupBy(reports, ({ digest }) => digest || nameless);
  const withoutDigest = byDigest.get(nameless) ?? [];
  const matches = new Map<string, Match>();
  const missing: RunningContainer[] = [];
  const unproven: RunningContainer[] = [];
  const outdated: RunningContainer[] = [];
  const stale: RunningContainer[] = [];
  for (const image of images) {
    const own = [image.digest, ...namesOf(image)].flatMap((name) => byDigest.get(name) ?? []);
    for (const container of image.containers) {
      const inTime = own.filter((report) => isAfter(report, container));
      const fresh = inTime.filter(({ updatedAt }) => !(notBefore && updatedAt < notBefore));
      const report = best(fresh, container) ?? best(inTime, container) ?? best(own, container);
      if (report === undefined) {
        (withoutDigest.some((own) => isOf(own, container)) ? unproven : missing).push(container);
      } else if (inTime.length === 0) outdated.push(container);
      else if (fresh.length === 0) stale.push(container);
      // What an old report has found is in the image all the same.
      if (report) matches.set(placeOf(container, image), { report, image, container });
    }
  }
  return { matches: [...matches.values()], missing, unproven, outdated, stale };
}

/**
 * A report of the pod's own controller is about this very workload, whose pods may be made anew at any
 * time; any other report has to be younger than the pod.
 */
function isAfter({ updatedAt, ownerUid }: ClusterReport, container: RunningContainer): boolean {
  const same = ownerUid !== undefined && ownerUid === container.controllerUid;
  return same || updatedAt >= container.since;
}

function isOf({ ownerUid, container }: ClusterReport, { controllerUid, name }: RunningContainer) {
  return ownerUid !== undefined && ownerUid === controllerUid && container === name;
}

/** The container's own report before those of others, and the newest. */
function best(
  reports: readonly ClusterReport[],
  container: RunningContainer,
): ClusterReport | undefined {
  const rank = (report: ClusterReport) =>
    Number(report.ownerUid === container.controllerUid) +
    Number(report.container === container.name);
  return reports.toSorted(
    (a, b) => rank(b) - rank(a) || b.updatedAt.getTime() - a.updatedAt.getTime(),
  )[0];
}

function placeOf({ workload, name }: RunningContainer, { digest }: RunningImage): string {
  return `${workloadKey(workload)}/${name}@${digest}`;
}
