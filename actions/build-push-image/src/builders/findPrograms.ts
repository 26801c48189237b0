import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { which } from '../../../../shared/tools/findOnPath.ts';
import { provideTool } from '../../../../shared/tools/provideTool.ts';
import type { BuildkitPrograms } from './buildkitCommand.ts';

/** The package that brings a program, on Debian, Ubuntu, Fedora and Alpine alike. */
const packageOf: Readonly<Record<string, string>> = {
  runc: 'runc (or crun)',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  newuidmap: 'uidmap (shadow-utils on Fedora, shadow-uidmap on Alpine)',
};

/**
 * Finds what a BuildKit of ours needs: itself and rootlesskit are pinned and provided, the rest
 * belongs to the machine.
 *
 * @throws {Failure} that names the packages to install
 */
export async function findPrograms(runner: Runner, rootless: boolean): Promise<BuildkitPrograms> {
  if (process.platform !== 'linux') {
    throw new Failure({
      what: 'A BuildKit cannot be started on this runner.',
      why: `It runs on Linux, and this is ${process.platform}.`,
      remedy: 'Use a Linux runner, or give the address of a BuildKit in `builder`.',
    });
  }
  // As root, /usr/sbin is where Debian puts runc; a service's PATH may leave it out.
  const path = `${runner.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
  const find = (...names: string[]) => firstOf(names, path);
  const wanted = {
    runc: await find('buildkit-runc', 'runc', 'crun'),
    setpriv: await find('setpriv'),
    [rootless ? 'newuidmap' : 'unshare']: await find(rootless ? 'newuidmap' : 'unshare'),
  };
  const missing = Object.entries(wanted).flatMap(([name, found]) => (found ? [] : [name]));
  const { runc, setpriv, unshare }: Record<string, string | undefined> = wanted;
  if (missing.length > 0 || runc === undefined || setpriv === undefined) {
    const packages = [...new Set(missing.map((name) => packageOf[name] ?? name))];
    throw new Failure({
      what: `A BuildKit cannot be started on this runner without ${missing.join(', ')}.`,
      remedy: `Install ${packages.join(', ')}, or give the address of a BuildKit in \`builder\`.`,
    });
  }
  const [buildkitd, rootlesskit] = await Promise.all([
    provideTool('buildkitd', runner),
    rootless ? provideTool('rootlesskit', runner) : undefined,
  ]);
  return { buildkitd: buildkitd.path, rootlesskit: rootlesskit?.path, runc, setpriv, unshare };
}

async function firstOf(names: readonly string[], path: string): Promise<string | undefined> {
  for (const name of names) {
    const found = await which(name, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
