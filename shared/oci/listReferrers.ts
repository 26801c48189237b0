import { explainDenial } from './explainDenial.ts';
import { findManifest } from './findManifest.ts';
import { nextPage } from './listTags.ts';
import { asPassing, isPassingAnswer } from './Passing.ts';
import { type Digest, formatReference, type PinnedReference, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { type Descriptor, readManifest } from './readManifest.ts';

type Client = Pick<RegistryClient, 'ask' | 'isSignedIn' | 'manifest'>;

export interface Referrers {
  readonly manifests: readonly Descriptor[];
  /** Whether the registry keeps the list itself; otherwise whoever attaches has to. */
  readonly byApi: boolean;
}

/**
 * What is attached to a digest (signatures, SBOMs, verdicts): as the registry tells it, and as the tag
 * tells it under which clients keep the list where the registry does not. Both, since a list by tag
 * stays when a registry learns the API.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function listReferrers(client: Client, subject: PinnedReference): Promise<Referrers> {
  const byApi = await askApi(client, subject);
  const byTag = await readFallback(client, subject);
  const all = new Map([...(byApi ?? []), ...byTag].map((found) => [found.digest, found]));
  return { manifests: [...all.values()], byApi: byApi !== undefined };
}

/** The tag that stands in for the referrers API: OCI distribution specification, "Referrers Tag Schema". */
export function fallbackTag(subject: Digest): string {
  return subject.replace(':', '-').slice(0, 71);
}

/** The list under the fallback tag; empty, where there is none. */
export async function readFallback(
  client: Client,
  subject: PinnedReference,
): Promise<readonly Descriptor[]> {
  const { registry, repository } = subject;
  const list: Reference = { registry, repository, tag: fallbackTag(subject.digest) };
  if ((await findManifest(client, list)) === undefined) return [];
  const { bytes } = await client.manifest(list);
  return readManifest(bytes, formatReference(list)).manifests ?? [];
}

async function askApi(client: Client, subject: PinnedReference): Promise<Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  let path: string | undefined = `referrers/${subject.digest}`;
  while (path !== undefined) {
    const response = await client.ask(subject, { path });
    // Without the API, registries know no such path, or take it for a name that they do not know.
    if ([400, 404, 405, 501].includes(response.status)) return undefined;
    if (response.status !== 200) {
      const denial = explainDenial(subject, response, client.isSignedIn(subject));
      throw isPassingAnswer(response) ? asPassing(denial, response) : denial;
    }
    const list = readManifest(response.body, `The list of what refers to ${subject.digest}`);
    found.push(...(list.manifests ?? []));
    path = nextPage(response.headers.link);
  }
  return found;
}
