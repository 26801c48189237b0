import { appendFileSync } from 'node:fs';

/**
 * Says a figure that a test has found, such as how many shots of a sweep were survived: on standard
 * error, and for `npm run test:full` in the file that becomes a part of test/RESULTS.md.
 */
export function figure(line: string, env = process.env): void {
  process.stderr.write(`${line}\n`);
  if (env.PLATFORM_ACTIONS_FIGURES) appendFileSync(env.PLATFORM_ACTIONS_FIGURES, `${line}\n`);
}
