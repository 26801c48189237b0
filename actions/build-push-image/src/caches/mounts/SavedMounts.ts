import { parse, pipe, record, regex, string } from 'valibot';
import type { PinnedReference } from '../../../../../shared/oci/Reference.ts';

/** Where an image of saved mounts says what lies in it. */
export const savedAnnotation = 'dev.platform-actions.cache-mounts';

/** What is in the registry of an earlier build's mounts. */
export interface SavedMounts {
  readonly reference: PinnedReference;
  /** The fingerprint of each mount by its key. */
  readonly fingerprints: ReadonlyMap<string, string>;
}

const schema = record(
  pipe(string(), regex(/^[0-9a-f]{16}$/)),
  pipe(string(), regex(/^[0-9a-f]{64}$/)),
);

/** @returns `undefined` for what is no image of ours */
export function readSaved(
  reference: PinnedReference,
  manifest: Uint8Array,
): SavedMounts | undefined {
  try {
    const { annotations } = JSON.parse(new TextDecoder().decode(manifest));
    const fingerprints = parse(schema, JSON.parse(annotations?.[savedAnnotation]));
    return { reference, fingerprints: new Map(Object.entries(fingerprints)) };
  } catch {
    return undefined;
  }
}

/** The annotation of an image that holds these. */
export function describeSaved(
  measures: readonly { readonly key: string; readonly fingerprint: string }[],
): string {
  const entries = measures.map(({ key, fingerprint }) => [key, fingerprint] as const);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}
