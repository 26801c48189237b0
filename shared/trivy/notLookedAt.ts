import type { Gap } from '../verdict/Inspection.ts';
import { hasNoLayers, isImage, nameSystem, systemOf } from './describeReport.ts';
import { countPackages } from './listPackages.ts';
import type { Scanner, Target } from './Target.ts';
import type { TrivyReport } from './TrivyReport.ts';

/** Distributions without a package manager: they have no OS packages to be looked at. */
const withoutPackages: readonly string[] = ['activestate'];

/** What was asked for, and what of packages. */
export interface Asked {
  readonly kind: Target['kind'];
  readonly scanners: readonly Scanner[];
  readonly packageTypes?: readonly ('os' | 'library')[] | undefined;
}

/**
 * What was not seen. Trivy exits with 0, and reports nothing, also where it could not look or found
 * nothing to look at; only for secrets is a report without results one of everything.
 */
export function notLookedAt(report: TrivyReport, asked: Asked): Gap[] {
  const { scanners } = asked;
  return [
    ...(scanners.includes('vuln') || scanners.includes('license')
      ? packagesNotSeen(report, asked)
      : []),
    ...(scanners.includes('misconfig') ? configNotSeen(report, asked) : []),
  ];
}

function packagesNotSeen(report: TrivyReport, asked: Asked): Gap[] {
  if (isImage(report)) return imageNotSeen(report, asked);
  if (countPackages(report).all > 0) return [];
  if (report.ArtifactType === 'cyclonedx' || report.ArtifactType === 'spdx') {
    return [
      {
        what: 'The SBOM holds no component that could be judged.',
        why: 'Trivy knows a component by its package URL (purl) and version.',
        remedy: 'Make the SBOM of what was built, by a tool that writes package URLs.',
      },
    ];
  }
  return [
    {
      what: 'No package was found, so none could be judged.',
      why: 'Trivy looked for the lock files of npm, pnpm, yarn, pip, poetry, uv, pipenv, bundler, composer, cargo, nuget, gradle, conan, mix, pub and swift, for go.mod and pom.xml, and for programs that name their modules.',
      remedy: 'Commit the lock file, or judge the image that is built from this.',
    },
  ];
}

function imageNotSeen(report: TrivyReport, { packageTypes = ['os', 'library'] }: Asked): Gap[] {
  const packages = countPackages(report);
  if (hasNoLayers(report) && packages.all === 0) return [];
  const family = report.Metadata.OS?.Family;
  if (
    family !== undefined &&
    packages.os === 0 &&
    packageTypes.includes('os') &&
    !withoutPackages.includes(family)
  ) {
    return [systemNotSeen(report)];
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

function systemNotSeen(report: TrivyReport): Gap {
  const system = systemOf(report);
  if (system === undefined) {
    return {
      what: 'The packages of the operating system were not judged: Trivy could not tell which one it is.',
      remedy: 'Keep /etc/os-release in the image.',
    };
  }
  return {
    what: `The packages of ${nameSystem(system)} were not judged.`,
    why: 'Trivy does not know this distribution, or its package database is not in the image.',
    remedy:
      'Keep the package database (/var/lib/dpkg, /lib/apk/db, /var/lib/rpm) in the image, or build on a distribution that Trivy supports.',
  };
}

/** An image has its own configuration, which is always looked at; a folder may hold other things. */
function configNotSeen(report: TrivyReport, { kind, scanners }: Asked): Gap[] {
  if (isImage(report) || (kind !== 'config' && scanners.length > 1)) return [];
  // A file that is only known by its kind has not been checked.
  const checked = (report.Results ?? []).some(
    ({ MisconfSummary }) => (MisconfSummary?.Successes ?? 0) + (MisconfSummary?.Failures ?? 0) > 0,
  );
  if (checked) return [];
  return [
    {
      what: 'No configuration was found, so none could be judged.',
      why: 'Trivy looked for Terraform (also plans), Kubernetes manifests, Helm charts, Dockerfiles, CloudFormation, Azure ARM templates and Ansible.',
      remedy: 'Check the path; name unusual files by file-patterns.',
    },
  ];
}
