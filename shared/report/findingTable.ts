import { oneLine } from '../log/oneLine.ts';
import { bestFix } from '../verdict/bestFix.ts';
import { countBySeverity, describeCounts } from '../verdict/countBySeverity.ts';
import type { Finding } from '../verdict/Finding.ts';
import { type SeverityCounts, severities } from '../verdict/Severity.ts';
import { describeRemedy } from './describeFinding.ts';
import { type Group, groupByPackage } from './groupByPackage.ts';
import { blocks, code, link, Markdown, md } from './Markdown.ts';
import type { Origin } from './originOf.ts';
import { type Row, tableWithin } from './table.ts';

/** More advisories of one package than these are only counted. */
const mostNamed = 20;
/** A row has no fewer bytes: what has no room is not grouped. */
const leastRow = 40;
/** What the sentence about what was left out takes. */
const spareBytes = 200;

/** What the table needs to know besides the findings. */
export interface Telling {
  readonly origin: (finding: Finding) => Origin;
  /** The path of the Dockerfile that lines are of. */
  readonly file: string | undefined;
}

/**
 * Findings that stand in a table of packages, each with the one version that removes most of them. What
 * does not fit is counted by severity.
 */
export function findingTable(
  findings: readonly Finding[],
  telling: Telling,
  bytes: number,
): Markdown | undefined {
  if (findings.length === 0) return undefined;
  const groups = groupByPackage(findings, Math.max(0, bytes) / leastRow);
  const layered = findings.some(({ layer }) => layer !== undefined);
  const head = ['Severity', 'Package', 'Installed', 'Go to', 'Findings', 'What it is'];
  if (layered) head.push('Came by');
  const { markdown, shown } = tableWithin(
    head.map((name) => md`${name}`),
    rows(groups, layered ? telling : undefined),
    bytes - spareBytes,
  );
  const told = groups.slice(0, shown).flat();
  if (told.length === findings.length) return markdown;
  const left = describeCounts(without(countBySeverity(findings), countBySeverity(told)));
  const said = md`The summary has no room for ${findings.length - told.length} more (${left}); the report has them all.`;
  return shown === 0 ? said : blocks(markdown, said);
}

function without(all: SeverityCounts, some: SeverityCounts): SeverityCounts {
  const rest = severities.map((severity) => [severity, all[severity] - some[severity]] as const);
  return Object.fromEntries(rest) as SeverityCounts;
}

function* rows(groups: readonly Group[], telling: Telling | undefined): Generator<Row> {
  for (const group of groups) {
    const [worst] = group;
    yield [
      md`${worst.severity}`,
      packageCell(group),
      code(oneLine(worst.subject.version ?? '')),
      fixCell(group),
      idCell(group),
      md`${oneLine(worst.title ?? '')}`,
      ...(telling === undefined ? [] : [originCell(worst, telling)]),
    ];
  }
}

function packageCell(group: Group): Markdown {
  const [{ subject, lines }] = group;
  const name = code(oneLine(subject.name));
  const files = new Set(group.map((finding) => finding.lines?.file ?? finding.subject.path));
  const [file] = files;
  if (file === undefined) return name;
  const place = lines === undefined ? oneLine(file) : `${oneLine(file)}:${lines.start}`;
  const more = files.size - 1;
  return more === 0
    ? md`${name} in ${code(place)}`
    : md`${name} in ${code(place)} and ${more} more`;
}

function fixCell(group: Group): Markdown {
  const best = bestFix(group);
  if (best === undefined) return md`${describeRemedy(group[0])}`;
  const part = best.removes === group.length ? '' : ` removes ${best.removes} of ${group.length}`;
  return md`${code(oneLine(best.version))}${new Markdown(part)}`;
}

function idCell(group: Group): Markdown {
  const named = group.slice(0, mostNamed).map(({ id, url }) => link(code(oneLine(id)), url).text);
  const rest = group.slice(mostNamed);
  return new Markdown(
    rest.length === 0
      ? named.join(', ')
      : `${named.join(', ')} and ${rest.length} more (${describeCounts(countBySeverity(rest))})`,
  );
}

function originCell(finding: Finding, { origin, file }: Telling): Markdown {
  const { line, inBase } = origin(finding);
  const made = code(oneLine(finding.layer?.createdBy ?? finding.layer?.diffId ?? ''));
  if (line !== undefined) return md`${code(`${oneLine(file ?? 'Dockerfile')}:${line}`)} ${made}`;
  return inBase ? md`base image: ${made}` : made;
}
