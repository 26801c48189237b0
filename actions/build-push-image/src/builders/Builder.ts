import type { Environment } from '../../../../shared/process/childEnvironment.ts';

/** How buildx is called: docker with its plug-in, or the program itself. */
export interface Buildx {
  readonly program: string;
  /** What stands before `build`: docker's own sub-command, or nothing. */
  readonly prefix: readonly string[];
  readonly env: Environment;
}

/** What a builder can do; docker's own can do none of it unless it stores images in containerd. */
export interface Capabilities {
  /** Export a cache other than `inline`. */
  readonly canCacheExport: boolean;
  /** Attach provenance and an SBOM to the image. */
  readonly canAttest: boolean;
  /** Make an image of several platforms. */
  readonly canMultiPlatform: boolean;
}

/**
 * How buildx is called, and the builder that it is told to use. What was made for this step only
 * (a BuildKit, a pod) ends with `await using`; the `post` step ends it where that was not reached.
 */
export interface Builder extends Buildx, Capabilities, AsyncDisposable {
  /** `undefined` for the builder that is current in buildx. */
  readonly name: string | undefined;
  /** `docker`, `docker-container`, `kubernetes`, `remote` or `cloud`. */
  readonly driver: string;
  /** What it can run by itself or by emulation; `undefined` where it was not asked. */
  readonly platforms: readonly string[] | undefined;
}

/** The capabilities of every driver but docker's own. */
export const allCapabilities: Capabilities = {
  canCacheExport: true,
  canAttest: true,
  canMultiPlatform: true,
};
