import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../command.ts';

const authorities = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Gives a root file system what this machine needs to reach the package registries: its certificate
 * authorities, and its settings of apt, npm and pip, read from the machine as they are now.
 */
export async function machineSettings(rootfs: string): Promise<void> {
  const inside = (path: string) => join(rootfs, path);
  if (existsSync(authorities)) await cp(authorities, inside(authorities));

  const npmRegistry = (await command('npm', ['config', 'get', 'registry'])).trim();
  await mkdir(inside('/usr/local/etc'), { recursive: true });
  await writeFile(
    inside('/usr/local/etc/npmrc'),
    `registry=${npmRegistry}\ncafile=${authorities}\nupdate-notifier=false\n`,
  );
  await writeFile(inside('/etc/pip.conf'), `[global]\ncert = ${authorities}\n`);

  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/VERSION_CODENAME=bookworm/.test(release)) return;
  for (const path of ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources']) {
    if (existsSync(path)) await cp(path, inside(path));
  }
  const proxy = await command('apt-config', [
    'dump',
    '--format',
    '%f "%v";%n',
    'Acquire::http::Proxy',
  ]);
  if (proxy.trim() !== '') await writeFile(inside('/etc/apt/apt.conf.d/90proxy'), proxy);
}
