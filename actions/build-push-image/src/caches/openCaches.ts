import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { PinnedReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { Builder } from '../findBuilder.ts';
import { findCacheTroubles } from './findCacheTroubles.ts';
import { openMounts } from './mounts/openMounts.ts';
import { restoreMounts } from './mounts/restoreMounts.ts';
import { saveMounts } from './mounts/saveMounts.ts';
import { pinImports } from './pinImports.ts';
import { type CachePlace, type CacheWishes, exportOf, importOf, planCache } from './planCache.ts';
import type { CacheInputs } from './readCacheInputs.ts';
import { readWrittenCache } from './readWrittenCache.ts';
import { resolveCache } from './resolveCache.ts';
import type { Signing } from './signed/openSigning.ts';
import { resolveSignedCache } from './signed/resolveSignedCache.ts';
import { signCache } from './signed/signCache.ts';
import { tellOfCaches } from './tellOfCaches.ts';

/** What a build's caches depend on. */
export interface CacheRequest extends Omit<CacheWishes, 'mode' | 'scope'> {
  readonly inputs: Pick<CacheInputs, 'persistMounts' | 'mountsLimitBytes' | 'mode'>;
  /** Only where `cache-signing` is on. */
  readonly signing?: Signing | undefined;
  readonly builder: Builder & { readonly canExportCache: boolean; readonly nativePlatform: string };
  /** `undefined` where BuildKit fetches the context itself. */
  readonly dockerfile: string | undefined;
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
   * @param output all that buildx printed
   * @param metadata what it wrote into `--metadata-file`
   */
  close(output: string, metadata: string): Promise<void>;
}

/** How long signing and looking for signatures may take. */
const patienceMs = 60_000;

/** Plans the caches of a build, and fills its cache mounts. */
export async function openCaches(
  request: CacheRequest,
  runner: Runner,
  registry: RegistryClient,
): Promise<Caches> {
  const { log, signal, env } = runner;
  const { inputs, signing, branches } = request;
  // Jobs that build one platform or target each would write over each other's caches.
  const scope = [
    ...(request.target === undefined ? [] : [request.target]),
    ...(request.platforms.length === 1 ? request.platforms : []),
  ];
  const plan = planCache({ ...request, mode: inputs.mode, scope });
  for (const note of plan.notes) log.info(note);
  const patience = () => ({ until: Date.now() + patienceMs, log, signal });
  const repository = env.GITHUB_REPOSITORY ?? '';
  const defaultBranch = branches.defaultBranch ?? '';
  const resolve = (place: CachePlace) =>
    signing === undefined
      ? resolveCache(place, registry)
      : resolveSignedCache(
          place,
          { trust: signing.trust, repository, defaultBranch },
          registry,
          patience(),
        );
  const imports =
    signing === undefined
      ? plan.imports.map(importOf)
      : await pinImports(plan.imports, resolve, log);

  // Where only signed caches are read, an unsigned one would be of no use, and hide a signed one.
  const mayExport =
    signing === undefined ||
    (signing.signer !== undefined && branches.branch === branches.defaultBranch);
  const exported = mayExport ? plan.export : undefined;
  const keeper = inputs.persistMounts
    ? openMounts(request, scope, runner, registry, { resolve, mayExport })
    : undefined;
  const restored = keeper && (await restoreMounts(keeper));
  return {
    arguments: [
      ...[...plan.from, ...imports].flatMap((value) => ['--cache-from', value]),
      ...[...plan.to, ...(exported === undefined ? [] : [exportOf(exported)])].flatMap((value) => [
        '--cache-to',
        value,
      ]),
    ],
    async close(output, metadata) {
      const troubles = findCacheTroubles(output);
      tellOfCaches(troubles, log, plan.mayBeOutOfReach);
      const isWritten = !troubles.some(({ deed }) => deed === 'export');
      if (exported !== undefined && isWritten) {
        await sign(readWrittenCache(metadata, exported), exported);
      }
      if (keeper === undefined || restored === undefined) return;
      const saved = await saveMounts(keeper, restored);
      if (keeper.export !== undefined) await sign(saved, keeper.export);
    },
  };

  async function sign(written: PinnedReference | undefined, { branch, reference }: CachePlace) {
    const signer = signing?.signer;
    if (written === undefined || signer === undefined || branch !== defaultBranch) return;
    const origin = { repository, branch, tag: reference.tag ?? '' };
    const run = { commit: env.GITHUB_SHA, runId: env.GITHUB_RUN_ID };
    try {
      await signCache(written, origin, run, signer, registry, patience());
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      log.warning(
        `The cache ${reference.tag} could not be signed, so nobody will use it. ${oneLine(error.message, 500)}`,
      );
    }
  }
}
