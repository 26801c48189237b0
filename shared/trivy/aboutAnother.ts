import { oneLine } from '../log/oneLine.ts';
import { formatReference, type PinnedReference } from '../oci/Reference.ts';
import type { Gap } from '../verdict/Inspection.ts';
import { isImage, platformOf } from './describeReport.ts';
import type { Target } from './Target.ts';
import type { artifactTypes, TrivyReport } from './TrivyReport.ts';

/** What a report has to be about. */
export interface Expected {
  readonly subject: string;
  readonly kind: Target['kind'];
  /** The image, where it has a name in a registry. */
  readonly image?: PinnedReference | undefined;
  readonly platform?: string | undefined;
}

type ArtifactType = (typeof artifactTypes)[number];

const typesOf: Readonly<Record<Target['kind'], readonly ArtifactType[]>> = {
  image: ['container_image'],
  archive: ['container_image'],
  layout: ['container_image'],
  filesystem: ['filesystem', 'repository'],
  repository: ['repository', 'filesystem'],
  config: ['filesystem'],
  sbom: ['cyclonedx', 'spdx'],
  report: ['container_image', 'filesystem', 'repository', 'cyclonedx', 'spdx'],
};

/** What shows that a report is not about what was asked for. */
export function aboutAnother(report: TrivyReport, expected: Expected): Gap | undefined {
  if (!typesOf[expected.kind].includes(report.ArtifactType)) {
    return {
      what: `Trivy's report is about another kind of thing: ${report.ArtifactType}.`,
      remedy: 'Check what is given to be judged.',
    };
  }
  return otherImage(report, expected) ?? otherPlatform(report, expected);
}

function otherImage(report: TrivyReport, { image, kind }: Expected): Gap | undefined {
  if (image === undefined) return undefined;
  const digests = (report.Metadata.RepoDigests ?? []).map((text) => text.split('@').at(-1));
  // What was scanned elsewhere may have had another name there; its digest is what it is.
  const named = kind === 'report' || report.ArtifactName === formatReference(image);
  if (named && digests.includes(image.digest)) return undefined;
  return {
    what: `Trivy's report is about another image: ${oneLine(report.ArtifactName)}.`,
    why: `Its digest is ${oneLine(digests.join(', ') || 'not in the report')}, and ${image.digest} was asked for.`,
    remedy:
      kind === 'report'
        ? 'Give the report of this image, made by its digest.'
        : 'A proxy or cache between this runner and the registry changes answers; go round it.',
  };
}

/** Trivy does not object where there is only another one: it takes what there is. */
function otherPlatform(report: TrivyReport, { platform }: Expected): Gap | undefined {
  if (platform === undefined || !isImage(report)) return undefined;
  const found = platformOf(report);
  if (isOf(found, platform)) return undefined;
  return {
    what: `The image says that it is of ${found}, and ${oneLine(platform)} was asked for.`,
    why: 'An image of a foreign architecture is another image, with other packages.',
    remedy: 'Build the image for that platform, or ask for the one that it is of.',
  };
}

/** `linux/arm64` is also what says `linux/arm64/v8`; where both name a variant it has to be the same. */
function isOf(found: string, wanted: string): boolean {
  const [os, architecture, variant] = found.split('/');
  const [wantedOs, wantedArchitecture, wantedVariant] = wanted.split('/');
  return (
    os === wantedOs &&
    architecture === wantedArchitecture &&
    (variant === undefined || wantedVariant === undefined || variant === wantedVariant)
  );
}
