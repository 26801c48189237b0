import { parseReference } from '../../oci/Reference.ts';
import type { Purl } from '../../purl/Purl.ts';

/** An image by the names that VEX has for it. */
export interface VexImage {
  isOneOf(purls: readonly Purl[], digests: readonly string[]): boolean;
}

/**
 * Images have package URLs as `pkg:oci/web@sha256:…?repository_url=acme.io/team/web`. Without a digest
 * it is each image of the name, unless a tag is named, of which nobody can say what it was. Where a
 * repository is named, it has to be this one.
 *
 * @returns `undefined` when the subject is no image of which the digest is known
 */
export function imageOf(subject: string): VexImage | undefined {
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(subject)?.[1];
  if (digest === undefined) return undefined;
  let repository: string;
  try {
    const named = parseReference(subject);
    repository = `${named.registry}/${named.repository}`.toLowerCase();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const isMeant = ({ type, name: meant, version, qualifiers }: Purl) => {
    const address = addressOf(qualifiers.get('repository_url'));
    return (
      type === 'oci' &&
      meant === name &&
      (version === undefined ? !qualifiers.has('tag') : version === digest) &&
      (address === undefined || address === repository || `${address}/${name}` === repository)
    );
  };
  return {
    isOneOf: (purls, digests) => digests.includes(digest) || purls.some(isMeant),
  };
}

/** Docker Hub has several names. */
function addressOf(text: string | undefined): string | undefined {
  return text
    ?.toLowerCase()
    .replace(/\/+$/, '')
    .replace(/^(index|registry-1)\.docker\.io\//, 'docker.io/');
}
