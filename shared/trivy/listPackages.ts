import { oneLine } from '../log/oneLine.ts';
import type { Package } from '../verdict/Inspection.ts';
import type { TrivyReport, TrivyResult } from './TrivyReport.ts';

/** For these Trivy lists the packages of all folders together, under a name that is no file. */
const together = ['node-pkg', 'python-pkg', 'gemspec', 'jar', 'conda-pkg'];

/** The file that names the packages of a result. */
export function pathOf({ Class, Type, Target }: TrivyResult): string | undefined {
  return Class === 'lang-pkgs' && !together.includes(Type ?? '') ? Target : undefined;
}

/** All packages that were seen. */
export function listPackages({ Results }: TrivyReport): Package[] {
  return (Results ?? []).flatMap((result) =>
    (result.Packages ?? []).map((found) => ({
      name: found.Name ?? found.ID ?? 'unknown',
      version: versionOf(found),
      purl: found.Identifier?.PURL,
      path: found.FilePath || pathOf(result),
      licenses: (found.Licenses ?? []).filter((name) => name !== ''),
    })),
  );
}

export interface PackageCount {
  readonly os: number;
  readonly all: number;
  /** Of languages, by what named them, such as `node-pkg`. Untrusted, on one line. */
  readonly byType: ReadonlyMap<string, number>;
}

/** How many packages were seen, of the operating system and of languages. */
export function countPackages({ Results }: TrivyReport): PackageCount {
  let os = 0;
  let all = 0;
  const byType = new Map<string, number>();
  for (const { Class, Type = 'unknown', Packages } of Results ?? []) {
    const amount = Packages?.length ?? 0;
    all += amount;
    if (Class === 'os-pkgs') os += amount;
    else if (Class === 'lang-pkgs') {
      const type = oneLine(Type);
      byType.set(type, (byType.get(type) ?? 0) + amount);
    }
  }
  return { os, all, byType };
}

/** As the distribution writes it: `epoch:version-release`. */
function versionOf({
  Version,
  Release,
  Epoch,
}: NonNullable<TrivyResult['Packages']>[number]): string | undefined {
  if (!Version) return undefined;
  return `${Epoch ? `${Epoch}:` : ''}${Version}${Release ? `-${Release}` : ''}`;
}
