import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { ManifestObject } from '../../../shared/helm/manifests/ManifestObject.ts';
import type { PinnedReference } from '../../../shared/oci/Reference.ts';
import type { Lock } from './Lock.ts';
import type { PreflightMode } from './preflightMode.ts';
import type { PullSecret } from './pullSecret/PullSecret.ts';
import type { Verification } from './verify/Verification.ts';

/** What a deploy does. */
export interface DeployPlan extends UpgradePlan {
  readonly lock: Lock;
  /** What becomes of what stands in the way before anything is written. */
  readonly preflight: PreflightMode;
  /** How long everything has to stay ready. */
  readonly settleMs: number;
  /** What has to hold after that. */
  readonly verification?: Verification | undefined;
  /** What containers with these images have to run when it is done. */
  readonly images: readonly PinnedReference[];
  /** What the cluster pulls with, given to it right before the release. */
  readonly pullSecret?: PullSecret | undefined;
  /** Of which images evidence was seen; `undefined` where none is required. */
  readonly proven?: ReadonlySet<string> | undefined;
  /** Of the chart, where it was fetched. */
  readonly chartDigest?: string | undefined;
  /** The release's own Namespace, where the manifests have it. */
  readonly ownNamespace?: ManifestObject | undefined;
  /** The definitions that are applied before the rest is deployed. */
  readonly definitions?: {
    readonly files: readonly { readonly file: string; readonly text: string }[];
    readonly only: 'missing' | 'all';
  };
  /** What is deployed at first, and the objects that follow once their kinds are served. */
  readonly first?:
    | {
        readonly change: Partial<Pick<UpgradePlan, 'chart' | 'postRender'>>;
        readonly late: readonly ManifestObject[];
      }
    | undefined;
  /** From this revision on they are this step's own, and not yet proven. */
  readonly ownSince?: number | undefined;
  /** The revision that is gone back to, in the place of an upgrade. */
  readonly rollbackTo?: number;
  /** The last revision when a saved plan was compared with the cluster; 0 for none. */
  readonly basedOn?: number | undefined;
}
