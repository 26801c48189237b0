import { workloadKey } from '../../../../shared/kube/reports/RunningImage.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import { count } from '../../../../shared/text/count.ts';
import type { Finding } from '../../../../shared/verdict/Finding.ts';
import { gapsOf } from '../../../../shared/verdict/gapsOf.ts';
import type { Gap } from '../../../../shared/verdict/Inspection.ts';
import {
  type Severity,
  type SeverityCounts,
  severities,
} from '../../../../shared/verdict/Severity.ts';
import type { Outcome, Verdict } from '../../../../shared/verdict/Verdict.ts';
import { worstFirst } from '../../../../shared/verdict/worstFirst.ts';
import type { Seen } from '../Seen.ts';
import type { ScannedImage } from './scanEach.ts';
import type { Running } from './surveyRunning.ts';

const ranks: readonly Outcome[] = ['violation', 'incomplete', 'pass'];

/** The worst of verdicts; `undefined` of none. */
export function worstOf(outcomes: readonly Outcome[]): Outcome | undefined {
  return ranks.find((outcome) => outcomes.includes(outcome));
}

/** Makes one of what was seen of each image: its verdict is the worst, and a gap of any is its own. */
export function combine(running: Running, scanned: readonly ScannedImage[], startedAt: Date): Seen {
  const { subject, notices } = running;
  const gaps = [...running.gaps, ...imageGaps(scanned)];
  const all = <T>(of: (seen: Seen) => readonly T[]) => scanned.flatMap(({ seen }) => of(seen));
  const placed = (of: (seen: Seen) => readonly Finding[]) =>
    worstFirst(scanned.flatMap((one) => of(one.seen).map((finding) => placeIn(finding, one))));
  const first = scanned.find(({ seen }) => seen.inspection.scanner !== undefined)?.seen.inspection;
  return {
    inspection: {
      ...{ subject, gaps, notices, facts: [] },
      findings: placed(({ inspection }) => inspection.findings),
      ...{ database: first?.database, scanner: first?.scanner, scannedAt: startedAt },
    },
    judgement: {
      verdict: verdictOf(running, scanned, gaps),
      counted: placed(({ judgement }) => judgement.counted),
      known: [],
      waived: scanned.flatMap((one) =>
        one.seen.judgement.waived.map(({ finding, excuse }) => ({
          finding: placeIn(finding, one),
          excuse,
        })),
      ),
      others: placed(({ judgement }) => judgement.others),
      notices: [...new Set(all(({ judgement }) => judgement.notices))],
      gaps,
    },
    findings: sum(scanned.flatMap(({ seen }) => seen.findings ?? [])),
    counted: sum(scanned.map(({ seen }) => seen.counted)),
    totals: {
      counted: scanned.reduce((total, { seen }) => total + seen.totals.counted, 0),
      waived: scanned.reduce((total, { seen }) => total + seen.totals.waived, 0),
    },
    ...{ removed: undefined, reports: [], image: undefined, reused: false },
    ...{ reusable: undefined, startedAt, trivy: undefined },
  };
}

/**
 * Says where it runs: by the workload, whose name stays the same over builds, so that an alert of code
 * scanning does, too.
 */
function placeIn(finding: Finding, { image }: ScannedImage): Finding {
  const { path } = finding.subject;
  const [container] = image.containers;
  const place = container && `${workloadKey(container.workload)}/${container.name}`;
  return {
    ...finding,
    subject: {
      ...finding.subject,
      path: [place, path?.replace(/^\/+/, '')].filter((part) => part !== undefined).join('/'),
      image: image.reference && formatReference(image.reference),
    },
  };
}

/** What is missing for each image for the same reason, such as the database, is told once. */
function imageGaps(scanned: readonly ScannedImage[]): Gap[] {
  const told = scanned.flatMap(({ seen }) =>
    gapsOf(seen.inspection, seen.judgement).map((gap) => ({ gap, of: seen.inspection.subject })),
  );
  const groups = Map.groupBy(told, ({ gap }) => `${gap.what} ${gap.why}`);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { gap, of } = first;
    if (gap.what.includes(of)) return [gap];
    const where = others.length === 0 ? of : count(others.length + 1, 'image');
    return [{ ...gap, what: `${where}: ${gap.what}` }];
  });
}

function verdictOf(
  { subject }: Running,
  scanned: readonly ScannedImage[],
  gaps: readonly Gap[],
): Verdict {
  const of = (wanted: Outcome) =>
    scanned.map(({ seen }) => seen.judgement.verdict).filter(({ outcome }) => outcome === wanted);
  const violations = of('violation');
  const [worst] = violations;
  const ran = count(scanned.length, 'image');
  if (worst !== undefined) {
    const besides = gaps[0] === undefined ? '' : ` Besides, not all was seen: ${gaps[0].what}`;
    const verb = violations.length === 1 ? 'is' : 'are';
    const reason = `${violations.length} of ${ran} in ${subject} ${verb} in violation. ${worst.reason}${besides}`;
    return { ...worst, reason };
  }
  const unjudged = of('incomplete');
  const [gap] = gaps;
  if (gap !== undefined) {
    const { what, why, remedy, details } = gap;
    const many = unjudged.length > 1 ? ` ${unjudged.length} of ${ran} could not be judged.` : '';
    const reason = [what, why].filter(Boolean).join(' ') + many;
    return { outcome: 'incomplete', reason, remedy, details };
  }
  if (unjudged[0] !== undefined) return unjudged[0];
  const reason = `All ${ran} that run in ${subject} pass.`;
  return { outcome: 'pass', reason, remedy: undefined, details: undefined };
}

function sum(all: readonly SeverityCounts[]): SeverityCounts {
  return Object.fromEntries(
    severities.map((severity) => [
      severity,
      all.reduce((total, counts) => total + counts[severity], 0),
    ]),
  ) as Record<Severity, number>;
}
