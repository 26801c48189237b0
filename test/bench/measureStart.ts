import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { actionNames, root } from '../../scripts/actions.ts';
import { median } from './median.ts';

export interface Start {
  readonly name: string;
  readonly milliseconds: number;
  /** To `node -e 0`, measured in between. */
  readonly ratio: number;
}

const rounds = 21;

/** Of docker/build-push-action, in a checkout of it. */
export const peer = 'docker/build-push-action';

/**
 * How long each entry takes without inputs, until its first input error, beside a bare Node.
 *
 * @param checkout folder of docker/build-push-action as it was cloned, where it is to be measured, too
 */
export function measureStart(checkout?: string): Start[] {
  const commands: readonly (readonly [name: string, args: readonly string[]])[] = [
    ['node -e 0', ['-e', '0']],
    ...actionNames().map((name) => [name, [join(root, 'dist', `${name}.js`)]] as const),
    ...(checkout === undefined ? [] : [[peer, [join(checkout, 'dist/index.js')]] as const]),
  ];
  const times = commands.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    for (const [index, [, args]] of commands.entries()) {
      const started = performance.now();
      spawnSync(process.execPath, args, { env: { PATH: process.env.PATH }, stdio: 'ignore' });
      // The first rounds fill the file system's cache.
      if (round >= 0) times[index]?.push(performance.now() - started);
    }
  }
  const bare = median(times[0] ?? []);
  return commands.slice(1).map(([name], index) => {
    const milliseconds = median(times[index + 1] ?? []);
    return { name, milliseconds, ratio: milliseconds / bare };
  });
}
