import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Manifest } from '../../../../shared/oci/Manifest.ts';
import { pin, type Reference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { readRecord, recordTag } from './buildRecord.ts';

/** What came of looking; `because` ends the sentence "reused" or "built, because …". */
export type Found =
  | {
      readonly found: true;
      /** What tags are set to, without a pull. */
      readonly manifest: Manifest;
      readonly builtAt: Date;
      readonly because: string;
    }
  | { readonly found: false; readonly because: string };

export interface FindOptions {
  readonly registry: Pick<RegistryClient, 'findManifest'>;
  /** Registry and repository. */
  readonly image: Reference;
  readonly key: string;
  readonly maxAgeMs: number;
  readonly now?: () => Date;
}

/** It may push, since the tags that follow need a token that may. */
const reading = { access: 'pull,push', deadlineMs: 10_000 } as const;

/** Clocks of runners differ; a record that is further ahead is not believed. */
const skewMs = 60 * 60 * 1000;

/**
 * Looks for an image that was built from the same inputs: two requests, and one or two for a token.
 * To an identity that may only pull, a registry gives a token for that.
 * Whatever goes wrong only means that the image is built.
 */
export async function findBuilt(options: FindOptions): Promise<Found> {
  try {
    return await look(options);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { found: false, because: `the registry could not be asked: ${error.what}` };
  }
}

async function look({ registry, image, key, maxAgeMs, now = () => new Date() }: FindOptions) {
  const { registry: host, repository } = image;
  const repositoryOf = { registry: host, repository };
  const tagged = await registry.findManifest({ ...repositoryOf, tag: recordTag(key) }, reading);
  if (tagged === undefined) return not('no image was built from these inputs yet');
  const record = readRecord(tagged.bytes);
  if (record?.key !== key)
    return not('what the registry has under the key is not a record of ours');
  const ageMs = now().getTime() - record.builtAt.getTime();
  if (ageMs < -skewMs) return not('the image found claims to be of the future');
  if (ageMs > maxAgeMs) {
    return not(`the image found is ${days(ageMs)} old, and max-age allows ${days(maxAgeMs)}`);
  }
  const manifest = await registry.findManifest(pin(repositoryOf, record.image), reading);
  if (manifest === undefined) return not('the image built from these inputs has been removed');
  return {
    found: true as const,
    manifest,
    builtAt: record.builtAt,
    because: `it was built from the same inputs ${days(Math.max(0, ageMs))} ago`,
  };
}

function not(because: string): Found {
  return { found: false, because };
}

function days(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours < 1) return ms < 60_000 ? 'less than a minute' : `${Math.round(ms / 60_000)} min`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
