import type { KubeApi } from '../kube/KubeApi.ts';
import { type RevisionRef, storedPath, unpackRelease } from './storedRelease.ts';

/** A revision as Helm keeps it, as far as it is compared. */
export interface ReleaseRecord {
  readonly manifest: string;
  readonly hooks: readonly {
    readonly name?: string;
    readonly kind?: string;
    readonly path?: string;
    readonly manifest: string;
    /** When it is run: `pre-upgrade`, `test`, … */
    readonly events?: readonly string[] | null;
  }[];
  readonly config: unknown;
  readonly chart: { readonly name: string; readonly version: string };
  /** What Helm says of how it came about: `Upgrade complete`, `Rollback to 3`, … */
  readonly description: string;
  /** Files of the chart beside its templates, definitions (`crds/`) among them. */
  readonly files: readonly ChartFile[];
}

export interface ChartFile {
  readonly name: string;
  /** In base64. */
  readonly data: string;
}

/** As Helm writes it, in its Secret and with `--output json`. */
export interface Written {
  readonly manifest?: string;
  readonly hooks?: ReleaseRecord['hooks'] | null;
  readonly config?: unknown;
  readonly chart?: {
    readonly metadata?: Partial<ReleaseRecord['chart']>;
    readonly files?: readonly ChartFile[] | null;
  };
  readonly info?: { readonly description?: string };
}

/**
 * Reads a revision.
 *
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function readRelease(
  api: Pick<KubeApi, 'get'>,
  ref: RevisionRef,
): Promise<ReleaseRecord> {
  const { data } = await api.get<{ readonly data: { readonly release: string } }>(storedPath(ref));
  return recordOf((await unpackRelease(data.release)) as Written);
}

/** What stands in the JSON of a release. */
export function recordOf({ manifest = '', hooks, config, chart, info }: Written): ReleaseRecord {
  const { name = '', version = '' } = chart?.metadata ?? {};
  return {
    ...{ manifest, hooks: hooks ?? [], config: config ?? {}, chart: { name, version } },
    ...{ description: info?.description ?? '', files: chart?.files ?? [] },
  };
}
