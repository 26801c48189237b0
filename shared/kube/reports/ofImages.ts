import { oneLine } from '../../log/oneLine.ts';
import { formatReference } from '../../oci/Reference.ts';
import { count } from '../../text/count.ts';
import type { Finding } from '../../verdict/Finding.ts';
import type { ClusterReport } from './ClusterReport.ts';
import { coverageGaps, enumerate } from './coverageGaps.ts';
import { type Match, type MatchOptions, matchReports } from './matchReports.ts';
import { type Part, tooOld } from './Part.ts';
import { type RunningContainer, workloadKey } from './RunningImage.ts';
import type { Survey } from './surveyPods.ts';

/**
 * What reports of images say of the images that run.
 *
 * @param what one of the reports, as a person calls it
 */
export function ofImages(
  what: string,
  reports: readonly ClusterReport[],
  { images, workloads }: Survey,
  options: MatchOptions,
): Part {
  const ofCluster = reports.filter(({ namespace }) => namespace === undefined);
  const { matches, ...uncovered } = matchReports(images, reports, options);
  const used = new Set([...matches.map(({ report }) => report), ...ofCluster]);
  const gone = reports.filter(
    (report) => !used.has(report) && !(report.about && workloads.has(workloadKey(report.about))),
  );
  const names = (containers: readonly RunningContainer[]) => containers.map(nameOf);
  return {
    used: [...used],
    findings: [...matches.flatMap(placed), ...ofCluster.flatMap(({ findings }) => findings)],
    gaps: coverageGaps(
      what,
      {
        missing: names(uncovered.missing),
        unproven: names(uncovered.unproven),
        outdated: names(uncovered.outdated),
        stale: [...names(uncovered.stale), ...tooOld(ofCluster, options.notBefore)],
      },
      options.notBefore,
    ),
    notices: [...goneNotice(what, gone), ...endOfLife(matches)],
  };
}

/** That reports were left out, by name. */
export function goneNotice(what: string, gone: readonly ClusterReport[]): string[] {
  if (gone.length === 0) return [];
  const { text } = enumerate(gone.map(({ name }) => name));
  return [`Left out: ${count(gone.length, what)} of workloads that no longer run (${text}).`];
}

function placed({ report, image, container }: Match): Finding[] {
  const place = `${workloadKey(container.workload)}/${container.name}`;
  const pulled = image.reference === undefined ? image.digest : formatReference(image.reference);
  return report.findings.map((finding) => {
    const inside = finding.subject.path?.replace(/^\/+/, '');
    const path = inside === undefined ? place : `${place}/${inside}`;
    return { ...finding, subject: { ...finding.subject, path, image: pulled } };
  });
}

function endOfLife(matches: readonly Match[]): string[] {
  const old = matches.filter(({ report }) => report.system?.endOfLife);
  return [...Map.groupBy(old, systemName)].map(
    ([system, group]) =>
      `${system} is at its end of life: nobody reports or fixes vulnerabilities in it any more, so few are found. It runs in ${enumerate(group.map(({ container }) => nameOf(container))).text}.`,
  );
}

function systemName({ report: { system } }: Match): string {
  return oneLine(`${system?.family} ${system?.name}`);
}

function nameOf({ workload, name }: RunningContainer): string {
  return `${workloadKey(workload)} (${name})`;
}
