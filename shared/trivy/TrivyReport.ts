import * as v from 'valibot';
import { severities } from '../verdict/Severity.ts';

/** The report's only version so far. Another one may mean other things by the same names. */
export const schemaVersion = 2;

/** What Trivy can have looked at. */
export const artifactTypes = [
  'container_image',
  'filesystem',
  'repository',
  'cyclonedx',
  'spdx',
] as const;

const text = v.optional(v.string());
const id = v.pipe(v.string(), v.minLength(1));
const severity = v.picklist(severities);
const line = v.optional(v.number(), 0);
const layer = v.optional(v.object({ Digest: text, DiffID: text, CreatedBy: text }));
const identifier = v.optional(v.object({ PURL: text, UID: text }));

const Package = v.object({
  ID: text,
  Name: text,
  Identifier: identifier,
  Version: text,
  Release: text,
  Epoch: v.optional(v.number()),
  Licenses: v.nullish(v.array(v.string())),
  FilePath: text,
  Locations: v.nullish(v.array(v.object({ StartLine: line, EndLine: line }))),
});

const Vulnerability = v.object({
  VulnerabilityID: id,
  PkgID: text,
  PkgName: v.string(),
  PkgPath: text,
  PkgIdentifier: identifier,
  InstalledVersion: text,
  FixedVersion: text,
  Status: text,
  Severity: severity,
  CVSS: v.nullish(
    v.record(
      v.string(),
      v.object({ V3Score: v.optional(v.number()), V40Score: v.optional(v.number()) }),
    ),
  ),
  CweIDs: v.nullish(v.array(v.string())),
  Title: text,
  PrimaryURL: text,
  PublishedDate: text,
  Layer: layer,
});

const Misconfiguration = v.object({
  ID: id,
  Title: text,
  Message: text,
  Resolution: text,
  Severity: severity,
  PrimaryURL: text,
  Status: v.picklist(['PASS', 'FAIL', 'EXCEPTION']),
  Layer: layer,
  CauseMetadata: v.optional(v.object({ Resource: text, StartLine: line, EndLine: line })),
});

/** Their text (`Match`, `Code`) is left behind here: what is not read cannot be shown. */
const Secret = v.object({
  RuleID: id,
  Severity: severity,
  Title: text,
  StartLine: line,
  EndLine: line,
  Layer: layer,
});

const License = v.object({
  Severity: severity,
  Category: text,
  PkgName: text,
  FilePath: text,
  Name: text,
  Link: text,
});

const Result = v.object({
  Target: v.string(),
  Class: v.string(),
  Type: text,
  Packages: v.nullish(v.array(Package)),
  Vulnerabilities: v.nullish(v.array(Vulnerability)),
  MisconfSummary: v.optional(v.object({ Successes: v.number(), Failures: v.number() })),
  Misconfigurations: v.nullish(v.array(Misconfiguration)),
  Secrets: v.nullish(v.array(Secret)),
  Licenses: v.nullish(v.array(License)),
});

const ImageConfig = v.object({
  os: text,
  architecture: text,
  variant: text,
  history: v.nullish(v.array(v.object({ created_by: text, empty_layer: v.optional(v.boolean()) }))),
  config: v.optional(v.object({ Labels: v.nullish(v.record(v.string(), v.string())) })),
  rootfs: v.object({ diff_ids: v.nullish(v.array(v.string())) }),
});

/**
 * What we use of Trivy's JSON report (pkg/types/report.go of 0.74). It leaves out whatever is empty,
 * so absence means nothing by itself; what is there has to be of the right type.
 */
export const TrivyReport = v.pipe(
  v.object({
    SchemaVersion: v.literal(schemaVersion),
    CreatedAt: text,
    Trivy: v.optional(v.object({ Version: text })),
    ArtifactName: v.string(),
    ArtifactType: v.picklist(artifactTypes),
    Metadata: v.optional(
      v.object({
        OS: v.optional(v.object({ Family: v.string(), Name: text, EOSL: v.optional(v.boolean()) })),
        RepoDigests: v.nullish(v.array(v.string())),
        Commit: text,
        ImageConfig: v.optional(ImageConfig),
      }),
      {},
    ),
    Results: v.nullish(v.array(Result)),
  }),
  v.check(
    ({ ArtifactType, Metadata }) =>
      ArtifactType !== 'container_image' || Metadata.ImageConfig !== undefined,
    'Metadata.ImageConfig is missing, which every image has',
  ),
);

export type TrivyReport = v.InferOutput<typeof TrivyReport>;
export type TrivyResult = v.InferOutput<typeof Result>;
export type TrivyImageConfig = v.InferOutput<typeof ImageConfig>;
