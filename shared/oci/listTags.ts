import { explainDenial } from './explainDenial.ts';
import { asPassing, isPassingAnswer } from './Passing.ts';
import type { Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

const pageSize = 1000;

/**
 * All tags of a repository, page by page; none, where there is no such repository.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function listTags(
  client: Pick<RegistryClient, 'ask' | 'isSignedIn'>,
  repository: Reference,
): Promise<readonly string[]> {
  const tags: string[] = [];
  let path: string | undefined = `tags/list?n=${pageSize}`;
  while (path !== undefined) {
    const response = await client.ask(repository, { path });
    if (response.status === 404) break;
    if (response.status !== 200) {
      const denial = explainDenial(repository, response, client.isSignedIn(repository));
      throw isPassingAnswer(response) ? asPassing(denial, response) : denial;
    }
    const page = JSON.parse(response.body.toString()) as { tags?: readonly string[] | null };
    tags.push(...(page.tags ?? []));
    path = nextPage(response.headers.link);
  }
  return tags;
}

/** The address of the next page in a Link header (RFC 8288): OCI distribution specification, "Listing Tags". */
export function nextPage(link: string | readonly string[] | undefined): string | undefined {
  const [, address] = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(String(link ?? '')) ?? [];
  return address;
}
