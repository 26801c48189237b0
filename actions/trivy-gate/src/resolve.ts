import { Failure } from '../../../shared/failure/Failure.ts';
import type { Log } from '../../../shared/log/Log.ts';
import { listPlatforms } from '../../../shared/oci/listPlatforms.ts';
import {
  formatReference,
  type PinnedReference,
  pin,
  type Reference,
} from '../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { resolveDigest } from '../../../shared/oci/resolveDigest.ts';
import type { Gap } from '../../../shared/verdict/Inspection.ts';

type Registry = Pick<RegistryClient, 'manifest'>;

/** The one image that is scanned. */
export interface Image {
  readonly reference: PinnedReference;
  /** Which one of an index it is; `undefined` where there is no choice. */
  readonly platform: string | undefined;
  /** What of the index is not scanned. */
  readonly gaps: readonly Gap[];
}

/**
 * Finds the digest that is scanned, and which of its platforms.
 *
 * @throws {Failure} when the registry has no such image, refuses, or the index holds no image
 */
export async function resolveImage(wanted: Reference, registry: Registry): Promise<Image> {
  const manifest = await registry.manifest(wanted);
  const reference = pin(wanted, manifest.digest);
  const platforms = listPlatforms(reference, manifest);
  if (platforms === undefined) return { reference, platform: undefined, gaps: [] };
  const [first, ...others] = platforms.toSorted(linuxFirst);
  if (first === undefined) {
    throw new Failure({
      what: `${formatReference(reference)} is an index without an image.`,
      remedy: 'Push the image again, with at least one platform.',
    });
  }
  const gap = {
    what: `Only ${first} was scanned; the index also holds ${others.join(', ')}.`,
    remedy: "Give each platform's own digest to a step of its own (a matrix).",
  };
  return { reference, platform: first, gaps: others.length === 0 ? [] : [gap] };
}

/**
 * Finds the first database that can be had.
 *
 * @throws {Failure} the first repository's, when none has one
 */
export async function resolveDatabase(
  repositories: readonly Reference[],
  registry: Registry,
  log: Log,
): Promise<PinnedReference> {
  const failures: Failure[] = [];
  for (const repository of repositories) {
    try {
      return await resolveDigest(repository, registry);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
      log.info(`No database from ${formatReference(repository)}: ${error.what}`);
    }
  }
  const [first] = failures;
  const others =
    failures.length > 1 ? ` Nor had ${failures.length - 1} further repositories one.` : '';
  throw new Failure({
    what: 'The vulnerability database could not be had.',
    why: `${[first?.what, first?.why].filter(Boolean).join(' ')}${others}`,
    remedy: `${first?.remedy ?? ''} A mirror of your own can be given as db-repository.`.trim(),
    details: first?.details,
  });
}

function linuxFirst(a: string, b: string): number {
  return rank(a) - rank(b);
}

function rank(platform: string): number {
  if (platform === 'linux/amd64') return 0;
  return platform.startsWith('linux/') ? 1 : 2;
}
