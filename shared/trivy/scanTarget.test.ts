import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silent } from '../log/Log.ts';
import { Cancelled } from '../process/Cancelled.ts';
import type { Command, Outcome } from '../process/run.ts';
import { fixture, imageOf } from './fixtures/fixture.ts';
import type { Trivy } from './runTrivy.ts';
import { scanTarget } from './scanTarget.ts';

const text = fixture('debianWithNode');
const good: Outcome = {
  exitCode: 0,
  killedBy: undefined,
  startError: undefined,
  endedBy: 'itself',
  stdout: '',
  stderr: '',
  stdoutTruncated: false,
  durationMs: 1,
};
let tempDir: string;
beforeEach(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'scan-'));
});
afterEach(() => rmSync(tempDir, { recursive: true, force: true }));

/** Runs a Trivy that writes `written` and ends with `outcome`. */
function scan(outcome: Partial<Outcome>, written: string | undefined, more: Partial<Trivy> = {}) {
  const commands: Command[] = [];
  const output = join(tempDir, 'report.json');
  const scanned = scanTarget(
    {
      path: '/tools/trivy',
      env: { PATH: '/programs', TRIVY_SEVERITY: 'LOW' },
      log: silent,
      secrets: ['secret'],
      signal: new AbortController().signal,
      tempDir,
      timeoutMs: 5000,
      run: async (command) => {
        commands.push(command);
        if (written !== undefined) writeFileSync(output, written);
        return { ...good, ...outcome };
      },
      ...more,
    },
    {
      target: { kind: 'image', image: imageOf(text) },
      scanners: ['vuln'],
      options: {},
      cacheDir: dirname(output),
      output,
    },
  );
  return { scanned, commands, output };
}

describe('a scan', () => {
  it('gives the report, and ran in a folder of ours with an environment of ours', async () => {
    const { scanned, commands } = scan({}, text);
    expect((await scanned).report.Results).toHaveLength(2);
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatchObject({
      program: '/tools/trivy',
      cwd: tempDir,
      env: { PATH: '/programs', TMPDIR: expect.stringContaining(join(tempDir, 'scratch-')) },
      secrets: ['secret'],
      deadlineMs: 5000,
    });
    expect(commands[0]?.args).toContain('--timeout=65000ms');
  });

  it.each<[string, Partial<Outcome>, string | undefined, string]>([
    ['failed, though its report is whole', { exitCode: 1 }, text, 'ended with exit code 1'],
    ['ended well, without a report', {}, undefined, 'There is no report of Trivy'],
    ['ended well, with an empty report', {}, '', 'wrote an empty report'],
    ['ended well, with a cut report', {}, text.slice(0, 500), 'is not JSON'],
    [
      'was killed, though its report is whole',
      { exitCode: undefined, killedBy: 'SIGKILL' },
      text,
      'It was killed (SIGKILL)',
    ],
    [
      'was too slow',
      { exitCode: undefined, endedBy: 'deadline', killedBy: 'SIGTERM' },
      text,
      'did not finish within 5 s',
    ],
    [
      'was too slow, and ended well when it was told to stop',
      { exitCode: 0, endedBy: 'deadline' },
      text,
      'did not finish within 5 s',
    ],
    [
      'did not start',
      { exitCode: undefined, startError: 'spawn ENOENT' },
      undefined,
      'could not be started: spawn ENOENT',
    ],
  ])('that %s is a failure', async (_, outcome, written, said) => {
    await expect(scan(outcome, written).scanned).rejects.toThrow(said);
  });

  it('that was cancelled throws the cancellation', async () => {
    const signal = AbortSignal.abort(new Cancelled('SIGINT'));
    const { scanned } = scan({ exitCode: undefined, endedBy: 'cancellation' }, text, { signal });
    await expect(scanned).rejects.toBeInstanceOf(Cancelled);
  });
});
