import { Buffer } from 'node:buffer';
import { appendFile, stat } from 'node:fs/promises';
import type { Log } from '../log/Log.ts';

/** The runner drops a step's summary over 1 MiB whole and silently; we stay below it. */
export const largestSummary = 1_000_000;

/**
 * Appends to the job summary. What does not fit is left out and that is said in the summary and in
 * the log; a report that may be long cuts itself first, by what matters least.
 *
 * @param path the file the runner gave, `undefined` outside of a runner (nothing is written)
 */
export async function writeSummary(
  path: string | undefined,
  markdown: string,
  log: Log,
): Promise<void> {
  if (path === undefined || path === '') return;
  const present = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  if (present + Buffer.byteLength(markdown) + 1 <= largestSummary) {
    await appendFile(path, `${markdown}\n`);
    return;
  }
  const notice = 'A part of this summary was left out: the job summary is at its limit of 1 MB.';
  log.warning(notice);
  if (present + notice.length + 2 <= 1_048_576) await appendFile(path, `\n${notice}\n`);
}
