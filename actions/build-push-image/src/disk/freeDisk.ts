import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { childEnvironment } from '../../../../shared/process/childEnvironment.ts';
import { type Run, run } from '../../../../shared/process/run.ts';

/** What the machines of GitHub bring, no image build needs, and takes a gigabyte or more each. */
export const toolchains: Readonly<Record<string, string>> = {
  '/usr/local/lib/android': 'Android',
  '/usr/share/dotnet': '.NET',
  '/opt/ghc': 'Haskell',
  '/usr/local/.ghcup': 'Haskell',
  '/opt/hostedtoolcache/CodeQL': 'CodeQL',
  '/usr/share/swift': 'Swift',
  '/usr/local/share/powershell': 'PowerShell',
  '/usr/local/share/chromium': 'Chromium',
};

/** What is asked of the machine; a test gives its own. */
export interface Machine {
  readonly exists: (path: string) => boolean;
  /** Free bytes of the file system that holds the toolchains. */
  readonly free: () => Promise<number>;
  readonly isRoot: boolean;
}

const thisMachine: Machine = {
  exists: existsSync,
  async free() {
    const { bavail, bsize } = await statfs('/');
    return bavail * bsize;
  },
  isRoot: process.getuid?.() === 0,
};

/**
 * Removes a GitHub-hosted runner's unused toolchains: that machine is thrown away after the job. On
 * any other, and in a job's container, whose toolchains were chosen, nothing is touched.
 *
 * @returns the bytes that were freed
 */
export async function freeDisk(
  { env, log, signal }: Pick<Runner, 'env' | 'log' | 'signal'>,
  runProgram: Run = run,
  machine: Machine = thisMachine,
): Promise<number> {
  if (env.RUNNER_ENVIRONMENT !== 'github-hosted' || machine.exists('/.dockerenv')) {
    log.info(
      'free-disk: nothing is removed, for this is no machine of GitHub that ends with the job.',
    );
    return 0;
  }
  const paths = Object.keys(toolchains).filter(machine.exists);
  if (paths.length === 0) {
    log.info('free-disk: the toolchains that could be removed are not here.');
    return 0;
  }
  const before = await machine.free();
  const [program = '', ...args] = [
    ...(machine.isRoot ? [] : ['sudo', '--non-interactive']),
    ...['rm', '-rf', '--', ...paths],
  ];
  const { exitCode, stderr, startError } = await runProgram({
    program,
    args,
    env: childEnvironment(env),
    signal,
  });
  signal.throwIfAborted();
  if (exitCode !== 0) {
    log.warning('free-disk: not all toolchains could be removed.');
    log.untrusted(startError ?? stderr);
  }
  const freed = Math.max(0, (await machine.free()) - before);
  const names = [...new Set(paths.map((path) => toolchains[path]))].join(', ');
  log.info(
    `free-disk: ${gigabytes(freed)} freed (${names}); later steps of this job have them no more.`,
  );
  return freed;
}

/** A size as people read it. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
