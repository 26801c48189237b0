import type { Runner } from '../../../shared/action/Runner.ts';
import { formatReference, type PinnedReference } from '../../../shared/oci/Reference.ts';
import type { Metadata } from './metadata/makeMetadata.ts';

/**
 * Writes what later steps are handed of an image in a registry: at once, so that it stands whatever
 * fails afterwards.
 */
export function outputReference(reference: PinnedReference, { output }: Pick<Runner, 'output'>) {
  output('digest', reference.digest);
  output('reference', formatReference(reference));
  output('reference-without-host', `${reference.repository}@${reference.digest}`);
}

/** Writes how an image is called, and what it says of itself. */
export function outputNames(
  { tags, version, labels, json }: Metadata,
  { output }: Pick<Runner, 'output'>,
): void {
  output('tags', tags.map(formatReference).join('\n'));
  if (version !== undefined) output('version', version);
  output(
    'labels',
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  );
  output('json', json);
}
