import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { which } from './findOnPath.ts';

/** A program and its arguments. */
interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * The command line of a program that the kernel kills when we are killed: a SIGKILL leaves nobody who
 * could tell it to stop, and a build that goes on would push the image of a step that failed. It takes
 * `setpriv` of util-linux, which becomes the program itself; that of BusyBox cannot do it. Without one
 * the command stays as it is.
 *
 * @param path where `setpriv` is looked for, as PATH
 */
export async function dyingWithUs(command: CommandLine, path: string): Promise<CommandLine> {
  const setpriv = process.platform === 'linux' ? await which('setpriv', path) : undefined;
  const real = setpriv && (await realpath(setpriv).catch(() => undefined));
  if (real === undefined || basename(real) !== 'setpriv') return command;
  const { program, args } = command;
  return { program: real, args: ['--pdeathsig', 'KILL', program, ...args] };
}
