import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import type { Gap } from '../Inspection.ts';
import type { JudgeContext } from '../JudgeContext.ts';
import type { Policy } from '../Policy.ts';

/** Gives the bytes of a file. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * Reads the lists that a policy needs. One that cannot be read becomes a gap: it makes the verdict
 * incomplete, and what was found without it is told all the same.
 */
export async function loadSnapshots(
  { kev, epss }: Policy,
  readFile: ReadFile,
): Promise<Pick<JudgeContext, 'kev' | 'epss'>> {
  // Loaded only where they are needed: the scores take a parser of CSV.
  return {
    kev: kev && (await load(kev.file, readFile, (await import('./readKev.ts')).readKev)),
    epss: epss && (await load(epss.file, readFile, (await import('./readEpss.ts')).readEpss)),
  };
}

async function load<T>(
  file: string,
  readFile: ReadFile,
  read: (bytes: Uint8Array, file: string) => T,
): Promise<T | Gap> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    return {
      what: `The policy needs ${oneLine(file)}, and it cannot be read.`,
      why: `${oneLine((cause as Error).message)}.`,
      remedy: 'Fetch it in a step before this one, or keep it in the repository.',
    };
  }
  try {
    return read(bytes, file);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
