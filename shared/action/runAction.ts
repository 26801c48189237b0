import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getState, saveState, setOutput, setSecret } from '@actions/core';
import { Failure } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { Cancelled } from '../process/Cancelled.ts';
import { githubLog } from './githubLog.ts';
import type { Story } from './Runner.ts';
import { writeSummary } from './writeSummary.ts';

/** What a shell reports for a program that SIGINT or SIGTERM ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs an action as the runner started it: gives it its surroundings, turns what it throws into
 * annotations, and its cancellation into an aborted signal. Sets the exit code; never throws.
 */
export async function runAction(story: Story): Promise<void> {
  const secrets = new Set<string>();
  const log = githubLog(secrets);
  const cancellation = new AbortController();
  const cancel = (signal: 'SIGINT' | 'SIGTERM') => cancellation.abort(new Cancelled(signal));
  // Not `once`: a package that handles signals as well (signal-exit) ends the process when it finds
  // itself the only one who listens.
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);

  const tempDir = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), 'platform-actions-'));
  process.once('exit', () => rmSync(tempDir, { recursive: true, force: true }));

  try {
    await story({
      env: process.env,
      log,
      signal: cancellation.signal,
      tempDir,
      secrets,
      mask: (secret) => {
        if (secret.trim() === '' || secrets.has(secret)) return;
        secrets.add(secret);
        setSecret(secret);
      },
      output: (name, value) => setOutput(name, value),
      summary: (markdown) => writeSummary(process.env.GITHUB_STEP_SUMMARY, markdown, log),
      saveState: (name, value) => saveState(name, value),
      readState: (name) => getState(name) || undefined,
    });
    process.exitCode ??= 0;
  } catch (error) {
    const { reason } = cancellation.signal;
    process.exitCode = reason instanceof Cancelled ? exitCodes[reason.signal] : 1;
    await tell(error, log);
  }
}

/** One annotation a failure, the root cause first; what is long is folded below it. */
async function tell(error: unknown, log: Log): Promise<void> {
  if (error instanceof AggregateError) {
    for (const one of error.errors) await tell(one, log);
    return;
  }
  if (error instanceof Failure) {
    log.error(error.message, error.place);
    const { details } = error;
    if (details !== undefined) await log.group('Details', async () => log.untrusted(details));
    return;
  }
  if (error instanceof Cancelled) {
    log.error(error.message);
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error(`This is a defect of the action, please report it: ${stack.split('\n')[0]}`);
  await log.group('Details', async () => log.untrusted(stack));
}
