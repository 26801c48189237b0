import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';

const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path, and that the step that writes it ran before this one.',
  ENOSPC:
    'Free some disk on this runner, or use a larger one: what is unpacked can be many times larger than its archive.',
  EDQUOT: 'Free some disk on this runner.',
  EACCES: 'Let the user of this runner read it.',
  EPERM: 'Let the user of this runner read it.',
};

/**
 * Makes a failure of what the file system, or the reader of archives, said.
 *
 * @param what did not come to be, as a sentence
 * @returns the error itself, where it is of another kind
 */
export function explainDisk(error: unknown, what: string): unknown {
  // Not by `instanceof`: an error of Node's own may come from another realm.
  const { code, syscall, message } = (error ?? {}) as NodeJS.ErrnoException;
  const ofArchive = code?.startsWith('TAR_') === true || code?.startsWith('Z_') === true;
  if (error instanceof Failure || code === undefined || (syscall === undefined && !ofArchive)) {
    return error;
  }
  const otherwise = ofArchive
    ? 'Write the archive again: this one is damaged, or of another kind.'
    : 'Look at the state of the disk.';
  return new Failure({
    what,
    why: oneLine(message),
    remedy: remedies[code] ?? otherwise,
    cause: error,
  });
}
