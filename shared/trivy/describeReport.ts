import { oneLine } from '../log/oneLine.ts';
import { count } from '../text/count.ts';
import type { Fact, Inspection } from '../verdict/Inspection.ts';
import { countPackages } from './listPackages.ts';
import type { TrivyReport } from './TrivyReport.ts';

/** What Trivy calls an operating system that it could not tell, when it found packages all the same. */
const unknownSystem = 'none';

export function isImage({ ArtifactType }: TrivyReport): boolean {
  return ArtifactType === 'container_image';
}

/** Whether an image holds no file at all. */
export function hasNoLayers({ Metadata }: TrivyReport): boolean {
  return (
    Metadata.ImageConfig !== undefined && (Metadata.ImageConfig.rootfs.diff_ids ?? []).length === 0
  );
}

/** The operating system, where Trivy could tell which one it is. */
export function systemOf({
  Metadata: { OS },
}: TrivyReport): NonNullable<Inspection['system']> | undefined {
  if (OS === undefined || OS.Family === unknownSystem) return undefined;
  return { family: OS.Family, name: OS.Name ?? '', endOfLife: OS.EOSL === true };
}

/** The system as a sentence names it. */
export function nameSystem({ family, name }: NonNullable<Inspection['system']>): string {
  return oneLine(`${family} ${name}`.trim());
}

/** The platform that an image says it is of, `os/architecture[/variant]`. */
export function platformOf({ Metadata: { ImageConfig } }: TrivyReport): string {
  const { os, architecture, variant } = ImageConfig ?? {};
  return oneLine(
    [os ?? 'unknown', architecture ?? 'unknown', variant].filter((part) => part).join('/'),
  );
}

/** How an image is made, where it is one. */
export function imageOf(report: TrivyReport): Inspection['image'] {
  const { ImageConfig } = report.Metadata;
  if (ImageConfig === undefined) return undefined;
  return {
    platform: platformOf(report),
    layers: ImageConfig.rootfs.diff_ids ?? [],
    labels: ImageConfig.config?.Labels ?? {},
  };
}

/** What was looked at, by what. */
export function factsOf(report: TrivyReport): Fact[] {
  const config = configFiles(report);
  const onlyConfig = config.length > 0 && countPackages(report).all === 0;
  return [
    ...(isImage(report) || !onlyConfig ? packageFacts(report) : []),
    ...(isImage(report) ? [{ name: 'Platform', value: platformOf(report) }] : []),
    ...(config.length === 0 ? [] : [{ name: 'Configuration', value: config.join(', ') }]),
    ...commitFact(report),
    { name: 'Scanner', value: `Trivy ${oneLine(report.Trivy?.Version ?? 'of unknown version')}` },
  ];
}

function packageFacts(report: TrivyReport): Fact[] {
  const { os, byType } = countPackages(report);
  const languages = [...byType].map(([type, amount]) => `${amount} of ${type}`);
  const system = systemOf(report);
  const name = system === undefined ? 'not known' : nameSystem(system);
  return [
    ...(isImage(report) || os > 0
      ? [{ name: 'Operating system', value: `${name}, ${os} packages` }]
      : []),
    { name: 'Language packages', value: languages.length === 0 ? 'none' : languages.join(', ') },
  ];
}

/** What a reader has to know though it does not decide. */
export function noticesOf(report: TrivyReport): string[] {
  const system = systemOf(report);
  return [
    ...(system?.endOfLife
      ? [
          `${nameSystem(system)} is at its end of life: nobody reports or fixes vulnerabilities in it any more, so few are found. Move to a supported release.`,
        ]
      : []),
    ...(hasNoLayers(report)
      ? ['The image has no layers, so it holds nothing that could be vulnerable.']
      : []),
    ...(system === undefined && isImage(report) && countPackages(report).all > 0
      ? ['The image has no operating system; it was judged by the packages of languages in it.']
      : []),
  ];
}

function configFiles({ Results }: TrivyReport): string[] {
  const byType = new Map<string, number>();
  let checks = 0;
  for (const { Class, Type = 'unknown', Target, MisconfSummary } of Results ?? []) {
    if (Class !== 'config') continue;
    checks += (MisconfSummary?.Successes ?? 0) + (MisconfSummary?.Failures ?? 0);
    // The module as a whole is listed besides its files.
    if (Target !== '.') byType.set(oneLine(Type), (byType.get(oneLine(Type)) ?? 0) + 1);
  }
  const files = [...byType].map(([type, amount]) => `${count(amount, 'file')} of ${type}`);
  return checks === 0 ? files : [...files, `${count(checks, 'check')}`];
}

function commitFact({ Metadata: { Commit } }: TrivyReport): Fact[] {
  return Commit === undefined ? [] : [{ name: 'Commit', value: '', exact: oneLine(Commit) }];
}
