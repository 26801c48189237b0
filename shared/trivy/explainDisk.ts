import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';

const full =
  'Free some disk on this runner, or use a larger one: what is unpacked can be many times larger than its archive.';
const closed = 'Let the user of this runner use it.';
const broken = 'Look at the state of the disk.';
const wrong = 'Check the path, and that the step that writes it ran before this one.';

/** What a file system says; the codes of networks are others. */
const remedies: Readonly<Record<string, string>> = {
  ...{ ENOSPC: full, EDQUOT: full },
  ...{ EACCES: closed, EPERM: closed, EROFS: closed },
  ...{ ENOENT: wrong, ENOTDIR: wrong, EISDIR: wrong, ENAMETOOLONG: wrong },
  ...{ EIO: broken, EMFILE: broken },
};

/**
 * Makes a failure of what the file system, or the reader of archives, said.
 *
 * @param what did not come to be, as a sentence
 * @returns the error itself, where it is of another kind
 */
export function explainDisk(error: unknown, what: string): unknown {
  // Not by `instanceof`: an error of Node's own may come from another realm.
  const { code = '', message } = (error ?? {}) as NodeJS.ErrnoException;
  const ofArchive = /^(?:TAR_|Z_)/.test(code);
  // Who unpacks quotes the file system.
  const said = ofArchive ? Object.keys(remedies).find((name) => message.includes(name)) : code;
  const remedy =
    remedies[said ?? ''] ??
    (ofArchive ? 'Write the archive again: this one is damaged, or of another kind.' : undefined);
  if (error instanceof Failure || remedy === undefined) return error;
  return new Failure({ what, why: oneLine(message), remedy, cause: error });
}
