import { oneLine } from '../log/oneLine.ts';
import { formatReference, type PinnedReference } from '../oci/Reference.ts';
import type { Finding } from '../verdict/Finding.ts';
import type { Fact, Gap, Inspection } from '../verdict/Inspection.ts';
import type { TrivyReport } from './TrivyReport.ts';

/** What Trivy calls an operating system that it could not tell, when it found packages all the same. */
const unknownSystem = 'none';

/** Distributions without a package manager: they have no OS packages to be looked at. */
const withoutPackages: readonly string[] = ['activestate'];

/**
 * Reads a report as what was seen of an image, and what was not: Trivy exits with 0, and reports
 * nothing, also where it could not look.
 */
export function inspectReport(report: TrivyReport, image: PinnedReference): Inspection {
  const subject = formatReference(image);
  const facts = factsOf(report);
  const gap = otherImage(report, image);
  if (gap !== undefined) return { subject, findings: [], gaps: [gap], notices: [], facts };
  return {
    subject,
    findings: (report.Results ?? []).flatMap((result) =>
      (result.Vulnerabilities ?? []).map(toFinding),
    ),
    gaps: notLookedAt(report),
    notices: noticesOf(report),
    facts,
  };
}

function otherImage(report: TrivyReport, image: PinnedReference): Gap | undefined {
  const digests = (report.Metadata.RepoDigests ?? []).map((text) => text.split('@').at(-1));
  if (report.ArtifactName === formatReference(image) && digests.includes(image.digest)) {
    return undefined;
  }
  return {
    what: `Trivy's report is about another image: ${oneLine(report.ArtifactName)}.`,
    why: `Its digest is ${oneLine(digests.join(', ') || 'not in the report')}, and ${image.digest} was asked for.`,
    remedy: 'A proxy or cache between this runner and the registry changes answers; go round it.',
  };
}

function notLookedAt(report: TrivyReport): Gap[] {
  const { OS, ImageConfig } = report.Metadata;
  const packages = countPackages(report);
  if ((ImageConfig.rootfs.diff_ids ?? []).length === 0 && packages.all === 0) return [];
  const system = OS === undefined || OS.Family === unknownSystem ? undefined : describe(OS);
  if (packages.os === 0 && OS !== undefined && !withoutPackages.includes(OS.Family)) {
    return [
      system === undefined
        ? {
            what: 'The packages of the operating system were not judged: Trivy could not tell which one it is.',
            remedy: 'Keep /etc/os-release in the image.',
          }
        : {
            what: `The packages of ${system} were not judged.`,
            why: 'Trivy does not know this distribution, or its package database is not in the image.',
            remedy:
              'Keep the package database (/var/lib/dpkg, /lib/apk/db, /var/lib/rpm) in the image, or build on a distribution that Trivy supports.',
          },
    ];
  }
  if (packages.all > 0) return [];
  return [
    {
      what: 'Nothing in the image could be judged: no operating system and no packages of a language were found.',
      why: 'Trivy looked for os-release, the databases of dpkg, apk and rpm, and the metadata of installed language packages and Go and Rust programs.',
      remedy:
        'Build with package metadata (Go modules, cargo auditable), or judge the image by another tool.',
    },
  ];
}

function noticesOf({ Metadata: { OS, ImageConfig } }: TrivyReport): string[] {
  const notices = [];
  if (OS?.EOSL === true) {
    notices.push(
      `${describe(OS)} is at its end of life: nobody reports or fixes vulnerabilities in it any more, so few are found. Move to a supported release.`,
    );
  }
  if ((ImageConfig.rootfs.diff_ids ?? []).length === 0) {
    notices.push('The image has no layers, so it holds nothing that could be vulnerable.');
  }
  return notices;
}

function factsOf(report: TrivyReport): Fact[] {
  const { OS, ImageConfig } = report.Metadata;
  const { os, byType } = countPackages(report);
  const languages = [...byType].map(([type, count]) => `${count} of ${type}`);
  const system = OS === undefined || OS.Family === unknownSystem ? 'not known' : describe(OS);
  return [
    { name: 'Operating system', value: `${system}, ${os} packages` },
    { name: 'Language packages', value: languages.length === 0 ? 'none' : languages.join(', ') },
    {
      name: 'Platform',
      value: `${oneLine(ImageConfig.os ?? 'unknown')}/${oneLine(ImageConfig.architecture ?? 'unknown')}`,
    },
    { name: 'Scanner', value: `Trivy ${oneLine(report.Trivy?.Version ?? 'of unknown version')}` },
  ];
}

function countPackages({ Results = [] }: TrivyReport) {
  let os = 0;
  let all = 0;
  const byType = new Map<string, number>();
  for (const { Class, Type = 'unknown', Packages = [] } of Results) {
    all += Packages.length;
    if (Class === 'os-pkgs') os += Packages.length;
    else if (Class === 'lang-pkgs') {
      const type = oneLine(Type);
      byType.set(type, (byType.get(type) ?? 0) + Packages.length);
    }
  }
  return { os, all, byType };
}

function toFinding(
  vulnerability: NonNullable<
    NonNullable<TrivyReport['Results']>[number]['Vulnerabilities']
  >[number],
): Finding {
  return {
    kind: 'vulnerability',
    id: vulnerability.VulnerabilityID,
    severity: vulnerability.Severity,
    title: vulnerability.Title,
    subject: {
      name: vulnerability.PkgName,
      version: vulnerability.InstalledVersion,
      purl: vulnerability.PkgIdentifier?.PURL,
      path: vulnerability.PkgPath,
    },
    fix: vulnerability.FixedVersion || undefined,
    url: vulnerability.PrimaryURL,
  };
}

function describe({ Family, Name }: { Family: string; Name?: string | undefined }): string {
  return oneLine(Name === undefined ? Family : `${Family} ${Name}`);
}
