import { Buffer } from 'node:buffer';
import type { Log } from '../log/Log.ts';
import { deleteManifest } from './deleteManifest.ts';
import { fallbackTag, readFallback } from './listReferrers.ts';
import { listTags } from './listTags.ts';
import { type Patience, patiently } from './patiently.ts';
import type { Judged, RetentionPlan } from './planRetention.ts';
import { transfersAtOnce } from './pushContent.ts';
import { pushManifest } from './pushManifest.ts';
import { digestOf } from './putManifest.ts';
import { type Digest, pin, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { sideBySide } from './sideBySide.ts';

export interface ApplyRetentionOptions {
  readonly plan: RetentionPlan;
  readonly repository: Reference;
  readonly client: RegistryClient;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number;
  /** Told of each as it goes, so that it is known whatever happens next. */
  readonly onRemoved?: (removed: Judged) => void;
}

export interface AppliedRetention {
  readonly removed: readonly Judged[];
  /** What got a tag since the plan was made. */
  readonly spared: readonly Judged[];
}

const indexType = 'application/vnd.oci.image.index.v1+json';

/**
 * Removes what the plan says, by digest. Right before that the tags are read again: when somebody has
 * tagged what is to go (a build that was found again, say), nothing is removed, since what belongs to
 * it is for a new plan to tell.
 *
 * @throws {Failure} when the registry refuses, or the time is over
 */
export async function applyRetention(options: ApplyRetentionOptions): Promise<AppliedRetention> {
  const { plan, repository, log, signal, onRemoved } = options;
  const { deadlineMs = 30 * 60_000 } = options;
  const patience: Patience = { until: Date.now() + deadlineMs, log, signal };
  const retagged = await findRetagged(options, patience);
  if (retagged.size > 0) {
    log.warning(
      `${repository.registry}/${repository.repository} was tagged anew since the plan was made. Nothing was removed; make the plan again.`,
    );
    return { removed: [], spared: plan.remove.filter(({ digest }) => retagged.has(digest)) };
  }
  const removed: Judged[] = [];
  for (const judged of plan.remove) {
    await patiently(`Removing ${judged.digest}`, () => remove(options, judged), patience);
    log.info(
      `Removed ${judged.digest} (${judged.tags.join(', ') || 'no tag'}): ${judged.because}.`,
    );
    removed.push(judged);
    onRemoved?.(judged);
  }
  await clearLists(options, patience);
  return { removed, spared: [] };
}

async function remove(
  { repository, client }: ApplyRetentionOptions,
  { digest, tags }: Judged,
): Promise<void> {
  await deleteManifest(client, pin(repository, digest));
  for (const tag of tags) {
    const at = { registry: repository.registry, repository: repository.repository, tag };
    // With most registries a manifest's tags go with it.
    if ((await client.findDigest(at, { repeatable: false })) === digest)
      await deleteManifest(client, at);
  }
}

/** What of the plan's removals has a tag now that it had not. */
async function findRetagged(
  { plan, repository, client }: ApplyRetentionOptions,
  patience: Patience,
): Promise<ReadonlySet<Digest>> {
  const known = new Map(
    plan.remove.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digest] as const)),
  );
  const doomed = new Set(plan.remove.map(({ digest }) => digest));
  const name = `${repository.registry}/${repository.repository}`;
  const tags = await patiently(
    `Reading the tags of ${name}`,
    () => listTags(client, repository),
    patience,
  );
  const now = await sideBySide(tags, transfersAtOnce, async (tag) => {
    const at = { registry: repository.registry, repository: repository.repository, tag };
    const digest = await patiently(
      `Reading ${tag}`,
      () => client.findDigest(at, { repeatable: false }),
      patience,
    );
    return digest !== undefined && doomed.has(digest) && known.get(tag) !== digest
      ? digest
      : undefined;
  });
  return new Set(now.filter((digest) => digest !== undefined));
}

/** Takes what was removed from the lists of what stays, where the registry does not keep them itself. */
async function clearLists(
  { plan, repository, client }: ApplyRetentionOptions,
  patience: Patience,
): Promise<void> {
  const gone = new Set(plan.remove.map(({ digest }) => digest));
  const subjects = new Set(
    plan.remove.map(({ subject }) => subject).filter((one) => one !== undefined && !gone.has(one)),
  );
  const { registry, repository: path } = repository;
  for (const subject of subjects as ReadonlySet<Digest>) {
    const tag = fallbackTag(subject);
    const listed = await patiently(
      `Reading ${tag}`,
      () => readFallback(client, pin(repository, subject)),
      patience,
    );
    const left = listed.filter(({ digest }) => !gone.has(digest));
    if (left.length === listed.length) continue;
    const old = await client.findDigest({ registry, repository: path, tag }, { repeatable: false });
    if (left.length > 0) {
      const index = { schemaVersion: 2, mediaType: indexType, manifests: left };
      const bytes = Buffer.from(JSON.stringify(index));
      const manifest = { digest: digestOf(bytes), mediaType: indexType, bytes };
      await pushManifest(client, { registry, repository: path, tag }, manifest, patience);
    }
    if (old !== undefined) {
      await patiently(
        `Removing ${old}`,
        () => deleteManifest(client, pin(repository, old)),
        patience,
      );
    }
  }
}
