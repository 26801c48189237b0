import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { type Login, readLogin } from '../../../../shared/action/login/readLogin.ts';
import { lines } from '../../../../shared/action/parsers.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { PinnedReference, Reference } from '../../../../shared/oci/Reference.ts';
import { droppedOutputs } from './readDeed.ts';
import { hostsOf, type Named, requireTags } from './readNamed.ts';
import { pinned } from './readPinned.ts';

/** What one image of several platforms is made of, and what it is called. */
export interface MergeInputs extends Named {
  readonly digests: readonly PinnedReference[];
  readonly login: Login;
}

/** That the image has no name, or a wrong one, is told by itself, and once. */
const nameless: Reference = { registry: 'unknown', repository: 'unknown' };

export async function readMerge(
  reader: InputReader,
  named: Named,
  runner: Runner,
): Promise<MergeInputs> {
  const parts = await reader.required('merge', digests(named.name ?? nameless));
  requireTags(reader, named);
  const hosts = hostsOf([...named.metadata.tags, ...(parts ?? [])]);
  return { ...named, digests: parts, login: await readLogin(reader, hosts, runner) };
}

/**
 * An empty line is where the digest of a job should be: the image would go out without that platform, and
 * under the tags of the whole. The last line's end is none. So it would be where one is given twice.
 */
function digests(of: Reference): Parse<readonly PinnedReference[]> {
  return async (given) => {
    const empty = given
      .replace(/\r?\n$/, '')
      .split('\n')
      .findIndex((line) => line.trim() === '');
    if (empty === -1) return distinct(await lines(pinned(of))(given));
    throw new InputProblem(
      `line ${empty + 1} is empty, where the digest of a job should be`,
      `See that each job under \`needs\` has this output. ${droppedOutputs}`,
    );
  };
}

function distinct(found: readonly PinnedReference[]): readonly PinnedReference[] {
  const digests = found.map(({ digest }) => digest);
  const twice = digests.find((digest, index) => digests.indexOf(digest) !== index);
  if (twice === undefined) return found;
  throw new InputProblem(
    `${twice} is given twice`,
    'Name each job once; two jobs that gave the same image have built the same platform.',
  );
}
