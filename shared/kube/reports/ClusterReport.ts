import type { Finding } from '../../verdict/Finding.ts';
import type { Resource } from './Resource.ts';
import type { Workload } from './RunningImage.ts';

/** What reports in a cluster can tell of. */
export type ReportKind = 'vulnerability' | 'misconfiguration' | 'secret' | 'compliance';

/** A report of the Trivy operator or of Starboard, in our terms. All texts are untrusted. */
export interface ClusterReport {
  /** Of the object that holds it, with its namespace: for people. */
  readonly name: string;
  /** `undefined` for a report on the whole cluster. */
  readonly namespace: string | undefined;
  /** What it is about; `undefined` where that is the cluster. */
  readonly about: Workload | undefined;
  /** The container of the workload, for a report of an image. */
  readonly container: string | undefined;
  /** Of the object that owns the report. */
  readonly ownerUid: string | undefined;
  readonly updatedAt: Date;
  /** Digest of the image; some versions of the operator give that of its configuration, or none. */
  readonly digest: string | undefined;
  readonly scanner: { readonly name: string; readonly version: string } | undefined;
  readonly system:
    | { readonly family: string; readonly name: string; readonly endOfLife: boolean }
    | undefined;
  /** Without the workload in their paths: the same image runs in several. */
  readonly findings: readonly Finding[];
  /** What it leaves to people: the names of controls that no program can check. */
  readonly manual: readonly string[];
}

/** A kind of reports in the API, and how one of its objects is read. */
export interface ReportSource extends Resource {
  readonly from: string;
  readonly scope: 'namespace' | 'cluster';
  /** @throws {Failure} for an object of another shape */
  readonly read: (object: unknown) => ClusterReport;
}
