import type { Finding, Lines } from '../verdict/Finding.ts';
import { type LayerOf, layerHistory } from './layerHistory.ts';
import { pathOf } from './listPackages.ts';
import type { TrivyReport, TrivyResult } from './TrivyReport.ts';

type Of<Name extends 'Vulnerabilities' | 'Misconfigurations' | 'Secrets' | 'Licenses'> =
  NonNullable<TrivyResult[Name]>[number];

/** All that Trivy objects to, of every kind. */
export function toFindings(report: TrivyReport): Finding[] {
  const layerOf = layerHistory(report);
  return (report.Results ?? []).flatMap((result) => {
    const linesOf = packageLines(result);
    return [
      ...(result.Vulnerabilities ?? []).map((found) =>
        vulnerability(found, result, layerOf, linesOf),
      ),
      ...(result.Misconfigurations ?? [])
        .filter(({ Status }) => Status === 'FAIL')
        .map((found) => misconfiguration(found, result, layerOf)),
      ...(result.Secrets ?? []).map((found) => secret(found, result, layerOf)),
      ...(result.Licenses ?? []).map(license),
    ];
  });
}

function vulnerability(
  found: Of<'Vulnerabilities'>,
  result: TrivyResult,
  layerOf: LayerOf,
  linesOf: (id: string) => Lines | undefined,
): Finding {
  return {
    kind: 'vulnerability',
    id: found.VulnerabilityID,
    severity: found.Severity,
    title: found.Title,
    subject: {
      name: found.PkgName,
      version: found.InstalledVersion,
      purl: found.PkgIdentifier?.PURL,
      path: found.PkgPath || pathOf(result),
    },
    fix: found.FixedVersion || undefined,
    url: found.PrimaryURL,
    publishedAt: dateOf(found.PublishedDate),
    layer: layerOf(found.Layer),
    lines: found.PkgIdentifier?.UID === undefined ? undefined : linesOf(found.PkgIdentifier.UID),
    score: highestScore(found),
    status: found.Status,
    weaknesses: found.CweIDs ?? undefined,
  };
}

function misconfiguration(
  found: Of<'Misconfigurations'>,
  { Target }: TrivyResult,
  layerOf: LayerOf,
): Finding {
  return {
    kind: 'misconfiguration',
    id: found.ID,
    severity: found.Severity,
    // It names the object, which the title leaves open.
    title: found.Message || found.Title,
    subject: {
      name: found.CauseMetadata?.Resource || Target,
      version: undefined,
      purl: undefined,
      path: Target,
    },
    fix: undefined,
    url: found.PrimaryURL,
    layer: layerOf(found.Layer),
    lines: lines(Target, found.CauseMetadata),
    advice: found.Resolution,
  };
}

function secret(found: Of<'Secrets'>, { Target }: TrivyResult, layerOf: LayerOf): Finding {
  return {
    kind: 'secret',
    id: found.RuleID,
    severity: found.Severity,
    title: found.Title,
    subject: { name: Target, version: undefined, purl: undefined, path: Target },
    fix: undefined,
    url: undefined,
    layer: layerOf(found.Layer),
    lines: lines(Target, found),
    advice:
      'Revoke it first: whoever could read this could have used it. Then take it out, of the history as well.',
  };
}

function license(found: Of<'Licenses'>): Finding {
  const path = found.FilePath || undefined;
  // What an SBOM says of a licence can be empty.
  const name = found.Name || 'unknown';
  return {
    kind: 'license',
    id: name,
    severity: found.Severity,
    title: found.Category === undefined ? undefined : `${name} (${found.Category})`,
    subject: {
      name: found.PkgName || (path ?? 'unknown'),
      version: undefined,
      purl: undefined,
      path,
    },
    fix: undefined,
    url: found.Link || undefined,
  };
}

/** Where the lines of a lock file that name each package are. */
function packageLines({ Target, Packages }: TrivyResult): (uid: string) => Lines | undefined {
  const found = new Map<string, Lines>();
  for (const { Identifier, Locations } of Packages ?? []) {
    const place = lines(Target, Locations?.[0]);
    if (Identifier?.UID !== undefined && place !== undefined) found.set(Identifier.UID, place);
  }
  return (uid) => found.get(uid);
}

function lines(
  file: string,
  place: { readonly StartLine: number; readonly EndLine: number } | undefined,
): Lines | undefined {
  if (place === undefined || place.StartLine < 1) return undefined;
  return { file, start: place.StartLine, end: Math.max(place.StartLine, place.EndLine) };
}

/** Of all who rated it, the one who sees it worst. */
function highestScore({ CVSS }: Of<'Vulnerabilities'>): number | undefined {
  const scores = Object.values(CVSS ?? {})
    .flatMap(({ V3Score, V40Score }) => [V3Score, V40Score])
    .filter((score) => score !== undefined && score > 0);
  return scores.length === 0 ? undefined : Math.max(...(scores as number[]));
}

function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
