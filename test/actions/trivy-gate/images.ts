import { randomUUID } from 'node:crypto';
import { pushImage } from '../../lab/registry/pushImage.ts';

const debian = {
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  'etc/debian_version': '12.11\n',
};

/** A dpkg status file of these packages. */
function dpkg(packages: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(packages).map(
    ([name, version]) =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: x\nVersion: ${version}\n`,
  );
  return { 'var/lib/dpkg/status': `${entries.join('\n')}\n` };
}

/** An installed npm package. */
export function npm(name: string, version: string, folder = 'app'): Record<string, string> {
  const path = `${folder}/node_modules/${name}/package.json`;
  return { [path]: JSON.stringify({ name, version, license: 'MIT' }) };
}

/** Contents of images, by what the advisories of the lab's database (advisories.json) say of them. */
export const contents = {
  clean: { ...debian, ...dpkg({ 'base-files': '12.4+deb12u11' }), ...npm('tidy', '1.0.0') },
  /** Its CRITICAL advisory has a fix. */
  critical: { ...debian, ...dpkg({ 'base-files': '12.4+deb12u11' }), ...npm('minimist', '0.0.8') },
  /** HIGH, without a fix. */
  unfixed: { ...debian, ...dpkg({ perl: '5.36.0-7' }) },
  low: { ...debian, ...dpkg({ coreutils: '9.1-1' }) },
  /** Its end of life is in a table of Trivy's own. */
  endOfLife: {
    'etc/os-release': 'ID=debian\nVERSION_ID="9"\n',
    'etc/debian_version': '9.13\n',
    ...dpkg({ 'base-files': '9.9' }),
  },
  /** A distribution that Trivy has no advisories for. */
  unsupported: {
    'etc/os-release': 'ID=fedora\nVERSION_ID=40\n',
    'etc/fedora-release': 'Fedora release 40\n',
  },
  withoutPackageDatabase: debian,
  unknownFile: { hello: 'a program that nobody knows' },
  none: {},
} as const;

/** A repository of one test's own in the lab's registry. */
export function ownRepository(): string {
  return `test/trivy-gate/${randomUUID().slice(0, 8)}`;
}

/** Pushes an image into a repository of its own; gives its reference with digest. */
export function push(files: Readonly<Record<string, string>>): Promise<string> {
  return pushImage({ repository: ownRepository(), files });
}
