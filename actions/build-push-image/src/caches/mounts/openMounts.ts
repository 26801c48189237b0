import { randomBytes } from 'node:crypto';
import type { Runner } from '../../../../../shared/action/Runner.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import type { RegistryClient } from '../../../../../shared/oci/RegistryClient.ts';
import { cacheTag } from '../cacheTag.ts';
import type { CacheRequest } from '../openCaches.ts';
import type { CachePlace } from '../planCache.ts';
import { findCacheMounts } from './findCacheMounts.ts';
import { helperBuild } from './helperBuild.ts';
import type { MountKeeper } from './MountKeeper.ts';

export interface MountOptions extends Pick<MountKeeper, 'resolve'> {
  /** What tells builds of one branch apart that would write over each other. */
  readonly scope: readonly string[];
  readonly mayExport: boolean;
}

/**
 * What keeps the contents of a build's cache mounts; `undefined` where there are none, or where that
 * cannot be, which is told.
 */
export function openMounts(
  request: CacheRequest,
  { scope, resolve, mayExport }: MountOptions,
  runner: Runner,
  registry: RegistryClient,
): MountKeeper | undefined {
  const { branches, builder, image, dockerfile, buildArgs, buildContexts } = request;
  const { log, signal, tempDir } = runner;
  const cannot =
    dockerfile === undefined
      ? 'the builder fetches the Dockerfile itself'
      : !builder.canCacheExport
        ? 'this builder cannot push them'
        : request.noCache
          ? 'with `no-cache` BuildKit gives each build new mounts'
          : undefined;
  if (cannot !== undefined || dockerfile === undefined) {
    log.warning(`The contents of cache mounts are not kept: ${cannot}.`);
    return undefined;
  }
  const { mounts, leftOut } = findCacheMounts(dockerfile, {
    ...request,
    nativePlatform: builder.nativePlatform,
  });
  for (const { mount, why } of leftOut) {
    log.warning(`A cache mount is not kept (${oneLine(mount)}): ${oneLine(why)}.`);
  }
  if (mounts.length === 0) return undefined;
  const place = (branch: string): CachePlace => ({
    branch,
    reference: { ...image, tag: cacheTag('cachemounts', branch, scope) },
  });
  const { branch, fallbacks } = branches;
  return {
    mounts,
    imports: [...(branch === undefined ? [] : [branch]), ...fallbacks].map(place),
    export: branch === undefined || !request.push || !mayExport ? undefined : place(branch),
    limitBytes: request.inputs.mountsLimitBytes,
    build: helperBuild({ builder, runner, buildContexts, buildArgs }),
    registry,
    resolve,
    tempDir,
    log,
    signal,
    nonce: () => randomBytes(8).toString('hex'),
  };
}
