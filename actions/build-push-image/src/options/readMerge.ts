import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { type Login, readLogin } from '../../../../shared/action/login/readLogin.ts';
import { lines } from '../../../../shared/action/parsers.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { PinnedReference } from '../../../../shared/oci/Reference.ts';
import { hostsOf, type Named, requireTags } from './readNamed.ts';
import { pinned } from './readPinned.ts';

/** What one image of several platforms is made of, and what it is called. */
export interface MergeInputs extends Named {
  readonly digests: readonly PinnedReference[];
  readonly login: Login;
}

export async function readMerge(
  reader: InputReader,
  named: Named,
  runner: Runner,
): Promise<MergeInputs> {
  const digests = await reader.required('merge', lines(pinned(named.name)));
  requireTags(reader, named);
  const hosts = hostsOf([...named.metadata.tags, ...(digests ?? [])]);
  return { ...named, digests, login: await readLogin(reader, hosts, runner) };
}
