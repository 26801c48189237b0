import * as v from 'valibot';
import { severities } from '../verdict/Severity.ts';

/** The report's only version so far. Another one may mean other things by the same names. */
export const schemaVersion = 2;

const Vulnerability = v.object({
  VulnerabilityID: v.pipe(v.string(), v.minLength(1)),
  PkgName: v.string(),
  PkgPath: v.optional(v.string()),
  PkgIdentifier: v.optional(v.object({ PURL: v.optional(v.string()) })),
  InstalledVersion: v.optional(v.string()),
  FixedVersion: v.optional(v.string()),
  Severity: v.picklist(severities),
  Title: v.optional(v.string()),
  PrimaryURL: v.optional(v.string()),
});

const Result = v.object({
  Target: v.string(),
  Class: v.string(),
  Type: v.optional(v.string()),
  Packages: v.optional(v.array(v.unknown())),
  Vulnerabilities: v.optional(v.array(Vulnerability)),
});

/**
 * What we use of Trivy's JSON report (pkg/types/report.go of 0.74). It leaves out whatever is empty,
 * so absence means nothing by itself; what is there has to be of the right type.
 */
export const TrivyReport = v.object({
  SchemaVersion: v.literal(schemaVersion),
  CreatedAt: v.optional(v.string()),
  Trivy: v.optional(v.object({ Version: v.optional(v.string()) })),
  ArtifactName: v.string(),
  ArtifactType: v.literal('container_image'),
  Metadata: v.object({
    OS: v.optional(
      v.object({ Family: v.string(), Name: v.optional(v.string()), EOSL: v.optional(v.boolean()) }),
    ),
    RepoDigests: v.optional(v.array(v.string())),
    ImageConfig: v.object({
      os: v.optional(v.string()),
      architecture: v.optional(v.string()),
      rootfs: v.object({ diff_ids: v.nullish(v.array(v.string())) }),
    }),
  }),
  Results: v.optional(v.array(Result)),
});

export type TrivyReport = v.InferOutput<typeof TrivyReport>;
