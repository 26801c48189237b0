import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { type Login, readLogin } from '../../../../shared/action/login/readLogin.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { PinnedReference } from '../../../../shared/oci/Reference.ts';
import { type ImportWish, readImport } from './readImport.ts';
import { hostsOf, type Named, requireTags } from './readNamed.ts';
import { pinnedReference } from './readPinned.ts';

/** What is copied, and what it is called there. */
export interface PromoteInputs extends Named {
  readonly from: PinnedReference;
  readonly login: Login;
  /** Which registry copies it by itself; `undefined` where it goes through this runner. */
  readonly byAcr: ImportWish | undefined;
}

export async function readPromote(
  reader: InputReader,
  named: Named,
  runner: Runner,
): Promise<PromoteInputs> {
  const from = await reader.required('promote', pinnedReference);
  requireTags(reader, named);
  const hosts = hostsOf([...named.metadata.tags, ...(from === undefined ? [] : [from])]);
  const login = await readLogin(reader, hosts, runner);
  return { ...named, from, login, byAcr: await readImport(reader, { named, from, login }) };
}
