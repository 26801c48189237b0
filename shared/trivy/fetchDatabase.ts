import { Failure } from '../failure/Failure.ts';
import { isPassing, Passing } from '../oci/Passing.ts';
import { type Patience, patiently } from '../oci/patiently.ts';
import { formatReference, pin, type Reference } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { registryContent } from '../oci/registryContent.ts';
import { explainDisk } from './explainDisk.ts';
import { type Database, provideDatabase } from './provideDatabase.ts';
import { unpackDatabase } from './unpackDatabase.ts';

export interface FetchOptions {
  readonly registry: Pick<RegistryClient, 'manifest' | 'transfer' | 'isSignedIn'>;
  /** Where databases are kept, one a digest. */
  readonly folder: string;
  readonly patience: Patience;
}

/** Where nobody answers at all, a name or an address is more often wrong than a server away. */
const triesWithoutAnswer = 4;
const patienceWithoutAnswerMs = 10_000;
/** A server that says "at once" while it refuses is not to be asked in a loop. */
const leastWaitMs = 1000;

/**
 * Gives the database of the first repository that has it whole; where none has, and one may have it
 * later, they are asked again, more and more slowly. A repository with a digest gives that database
 * and no other.
 *
 * @throws {Failure} the first repository's, when the patience is over or nothing can change
 */
export function fetchDatabase(
  repositories: readonly Reference[],
  options: FetchOptions,
): Promise<Database> {
  const { log, signal, now = Date.now } = options.patience;
  const started = now();
  return patiently(
    'Fetching the vulnerability database',
    async (tries) => {
      const failures: Failure[] = [];
      for (const repository of repositories) {
        try {
          return await fetchFrom(repository, options);
        } catch (thrown) {
          signal?.throwIfAborted();
          const error = explainDisk(thrown, 'The vulnerability database could not be stored.');
          if (!(error instanceof Failure)) throw error;
          failures.push(error);
          log.info(`No database from ${formatReference(repository)}: ${error.message}`);
        }
      }
      const waitsForAnswer =
        tries < triesWithoutAnswer && now() - started < patienceWithoutAnswerMs;
      throw ofAll(failures, waitsForAnswer);
    },
    options.patience,
  );
}

async function fetchFrom(
  repository: Reference,
  { registry, folder, patience }: FetchOptions,
): Promise<Database> {
  const { until, signal, now = Date.now } = patience;
  // Not tried again here: the next repository may have it at once.
  const manifest = await registry.manifest(repository, { repeatable: false });
  const pinned = pin(repository, manifest.digest);
  const { openBlob } = registryContent(registry, pinned, patience);
  const content = { manifest: async () => manifest, openBlob };
  const download = async (cacheDir: string) => {
    const timeLeft = AbortSignal.timeout(Math.max(1, until - now()));
    const ends = signal ? AbortSignal.any([signal, timeLeft]) : timeLeft;
    try {
      await unpackDatabase(content, manifest.digest, cacheDir, ends);
    } catch (error) {
      signal?.throwIfAborted();
      throw timeLeft.aborted ? tooSlow(error) : error;
    }
  };
  const source = formatReference(pinned);
  return provideDatabase(
    { source, digest: manifest.digest },
    { folder, download, ...(signal && { signal }) },
  );
}

function tooSlow(cause: unknown): Failure {
  return new Failure({
    what: 'The vulnerability database did not come in the time that there was.',
    remedy: 'Raise `timeout`, or give a mirror that is nearer (db-repository).',
    cause,
  });
}

/** What is told is the first one's failure; whether to ask again depends on all. */
function ofAll(failures: readonly Failure[], waitsForAnswer: boolean): Failure {
  const [first] = failures;
  const others =
    failures.length > 1 ? ` Nor had ${failures.length - 1} further repositories one.` : '';
  const parts = {
    what: 'The vulnerability database could not be had.',
    why: `${[first?.what, first?.why].filter(Boolean).join(' ')}${others}`,
    remedy: `${first?.remedy ?? ''} A mirror of your own can be given as db-repository.`.trim(),
    details: first?.details,
  };
  const answered = failures.filter((failure) => failure instanceof Passing);
  if (answered.length === 0) {
    const again = waitsForAnswer && failures.some((failure) => isPassing(failure));
    return again ? new Passing(parts, {}) : new Failure(parts);
  }
  const waits = answered.flatMap(({ waitMs }) => waitMs ?? []);
  const waitMs = waits.length === 0 ? undefined : Math.min(...waits);
  return new Passing(parts, {
    waitMs: waitMs === undefined || waitMs < leastWaitMs ? undefined : waitMs,
    atMost: Math.max(...answered.map(({ atMost }) => atMost)),
  });
}
