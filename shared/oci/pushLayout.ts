import type { Log } from '../log/Log.ts';
import { openLayout } from './openLayout.ts';
import type { Patience } from './patiently.ts';
import { pushContent, transfersAtOnce } from './pushContent.ts';
import { pushManifest } from './pushManifest.ts';
import { type Digest, formatReference, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { sideBySide } from './sideBySide.ts';

export interface PushLayoutOptions {
  /** A folder or a tar archive, as BuildKit's `type=oci` writes it. */
  readonly layout: string;
  /** With tags. Those of one repository are pushed once. */
  readonly references: readonly Reference[];
  readonly client: RegistryClient;
  readonly log: Log;
  readonly tempDir: string;
  readonly signal?: AbortSignal | undefined;
  /** For all of it, waiting included. */
  readonly deadlineMs?: number;
}

export interface PushedLayout {
  readonly digest: Digest;
  /** Blobs that went over the wire; what BuildKit's own try had left there is not among them. */
  readonly sentBytes: number;
}

/**
 * Pushes what a build has exported, with the patience that BuildKit's own push lacks: no step of the
 * build runs again. Tags are set when everything is there.
 *
 * @throws {Failure} when the registry refuses, or the time is over
 */
export async function pushLayout(options: PushLayoutOptions): Promise<PushedLayout> {
  const { layout, references, client, log, tempDir, signal } = options;
  const { deadlineMs = 15 * 60_000 } = options;
  const patience: Patience = { until: Date.now() + deadlineMs, log, signal };
  await using content = await openLayout(layout, tempDir);
  const { digest } = content;
  let sentBytes = 0;
  for (const tagged of byRepository(references)) {
    const [to] = tagged;
    if (to === undefined) continue;
    const pushed = await pushContent({ content, digest, to, client, patience });
    sentBytes += pushed.sentBytes;
    await sideBySide(tagged, transfersAtOnce, async (reference) => {
      await pushManifest(client, reference, pushed.manifest, patience);
      log.info(`Pushed ${formatReference(reference)} (${digest}).`);
    });
  }
  return { digest, sentBytes };
}

function byRepository(references: readonly Reference[]): Iterable<readonly Reference[]> {
  return Map.groupBy(
    references,
    ({ registry, repository }) => `${registry}/${repository}`,
  ).values();
}
