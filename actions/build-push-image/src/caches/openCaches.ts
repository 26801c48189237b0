import type { Runner } from '../../../../shared/action/Runner.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { Builder } from '../findBuilder.ts';
import { findCacheTroubles } from './findCacheTroubles.ts';
import type { SavedAt } from './mounts/keepMounts.ts';
import { pinImports } from './pinImports.ts';
import { type CachePlace, type CacheWishes, exportOf, importOf, planCache } from './planCache.ts';
import type { CacheInputs } from './readCacheInputs.ts';
import { readWrittenCache } from './readWrittenCache.ts';
import { resolveCache } from './resolveCache.ts';
import type { Signing } from './signed/openSigning.ts';
import type { SignedCaches } from './signed/signedCaches.ts';
import { tellOfCaches } from './tellOfCaches.ts';

/** What a build's caches depend on. */
export interface CacheRequest extends Omit<CacheWishes, 'mode' | 'scope'> {
  readonly inputs: Pick<CacheInputs, 'persistMounts' | 'mountsLimitBytes' | 'mode'>;
  /** Only where `cache-signing` is on. */
  readonly signing?: Signing | undefined;
  readonly builder: Builder & { readonly canCacheExport: boolean; readonly nativePlatform: string };
  /** `undefined` where BuildKit fetches the context itself. */
  readonly dockerfile: string | undefined;
  /** Of several builds in one step: what this one is called. */
  readonly name?: string | undefined;
  readonly target: string | undefined;
  readonly platforms: readonly string[];
  readonly buildArgs: readonly string[];
  readonly buildContexts: readonly string[];
}

/** The caches of one build. None of them ever fails it. */
export interface Caches {
  /** For the command line of `buildx build`. */
  readonly arguments: readonly string[];
  /**
   * After the build: tells what failed, keeps the contents of cache mounts, signs.
   *
   * @param steps of the build, as far as they came
   * @param metadata what it wrote into `--metadata-file`
   */
  close(steps: Parameters<typeof findCacheTroubles>[0], metadata: string): Promise<void>;
}

/** Plans the caches of a build, and fills its cache mounts. */
export async function openCaches(
  request: CacheRequest,
  runner: Runner,
  registry: RegistryClient,
): Promise<Caches> {
  const { log } = runner;
  const { inputs, signing, branches } = request;
  // Jobs that build one platform or target each would write over each other's caches.
  const scope = [
    ...(request.name === undefined ? [] : [request.name]),
    ...(request.target === undefined ? [] : [request.target]),
    ...(request.platforms.length === 1 ? request.platforms : []),
  ];
  const plan = planCache({ ...request, mode: inputs.mode, scope });
  for (const note of plan.notes) log.info(note);
  const signed = await openSigned(request, runner, registry);
  const imports =
    signed === undefined
      ? plan.imports.map(importOf)
      : await pinImports(plan.imports, signed.resolve, log);
  // Where only signed caches are read, an unsigned one would be of no use, and hide a signed one.
  const mayExport =
    signing === undefined ||
    (signing.signer !== undefined && branches.branch === branches.defaultBranch);
  const exported = mayExport ? plan.export : undefined;

  let saveMounts: () => Promise<SavedAt | undefined> = async () => undefined;
  if (inputs.persistMounts) {
    const { keepMounts } = await import('./mounts/keepMounts.ts');
    const resolve = signed?.resolve ?? ((place: CachePlace) => resolveCache(place, registry));
    saveMounts = await keepMounts(request, { scope, resolve, mayExport }, runner, registry);
  }

  const to = [...plan.to, ...(exported === undefined ? [] : [exportOf(exported)])];
  return {
    arguments: [
      ...[...plan.from, ...imports].flatMap((value) => ['--cache-from', value]),
      ...to.flatMap((value) => ['--cache-to', value]),
    ],
    async close(steps, metadata) {
      const troubles = findCacheTroubles(steps);
      tellOfCaches(troubles, log, plan.mayBeOutOfReach);
      const isWritten = !troubles.some(({ deed }) => deed === 'export');
      if (exported !== undefined && isWritten) {
        await signed?.sign(readWrittenCache(metadata, exported), exported);
      }
      const saved = await saveMounts();
      if (saved !== undefined) await signed?.sign(saved.written, saved.place);
    },
  };
}

/** Most builds sign nothing, and load nothing of it. */
async function openSigned(
  { signing, branches }: CacheRequest,
  runner: Runner,
  registry: RegistryClient,
): Promise<SignedCaches | undefined> {
  if (signing === undefined) return undefined;
  const { signedCaches } = await import('./signed/signedCaches.ts');
  return signedCaches(signing, branches.defaultBranch, runner, registry);
}
