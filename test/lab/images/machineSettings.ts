import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from '../command.ts';

const authorities = '/etc/ssl/certs/ca-certificates.crt';

/**
 * What an image needs to reach the package registries as this machine does: its certificate
 * authorities, and its settings of apt, npm and pip, read as they are now. Content by path.
 */
export async function machineSettings(): Promise<Readonly<Record<string, string>>> {
  const npmRegistry = (await command('npm', ['config', 'get', 'registry'])).trim();
  return {
    ...(existsSync(authorities) && { [authorities]: await readFile(authorities, 'utf8') }),
    '/usr/local/etc/npmrc': `registry=${npmRegistry}\ncafile=${authorities}\nupdate-notifier=false\n`,
    '/etc/pip.conf': pipSettings(await command('pip', ['config', 'list'], { allowFailure: true })),
    ...(await aptSettings()),
  };
}

/** Lays them into a root file system. */
export async function writeSettings(
  rootfs: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, content] of Object.entries(settings)) {
    await mkdir(dirname(join(rootfs, path)), { recursive: true });
    await writeFile(join(rootfs, path), content);
  }
}

/**
 * Where pip takes packages from.
 *
 * @param list what `pip config list` prints: `global.index-url='https://…'`
 */
export function pipSettings(list: string): string {
  const indexes = [...list.matchAll(/^(?:global|:env:)\.((?:extra-)?index-url)='(.*)'$/gm)];
  return ['[global]', `cert = ${authorities}`, ...indexes.map(([, key, url]) => `${key} = ${url}`)]
    .join('\n')
    .concat('\n');
}

/** Another release's sources would bring packages that do not fit. */
async function aptSettings(): Promise<Record<string, string>> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/VERSION_CODENAME=bookworm/.test(release)) return {};
  const files = ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources'];
  const settings: Record<string, string> = {};
  for (const path of files) if (existsSync(path)) settings[path] = await readFile(path, 'utf8');
  const proxy = await command('apt-config', [
    ...['dump', '--format', '%f "%v";%n', 'Acquire::http::Proxy'],
  ]);
  if (proxy.trim() !== '') settings['/etc/apt/apt.conf.d/90proxy'] = proxy;
  return settings;
}
