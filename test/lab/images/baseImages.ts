import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { build } from '../buildkit/build.ts';
import { command } from '../command.ts';
import { needPackages } from '../debian.ts';
import type { LabContext, Part } from '../Part.ts';
import { machineSettings, writeSettings } from './machineSettings.ts';

type Settings = Readonly<Record<string, string>>;

interface BaseImage {
  /** Its name at Docker Hub, under which the mirror gives it. */
  readonly name: string;
  readonly packages: readonly string[];
  /** The one that it stands on: a new one of that makes a new one of this. */
  readonly from?: BaseImage;
  /** Lays files and a Dockerfile into the context. */
  readonly context: (lab: LabContext, folder: string, settings: Settings) => Promise<void>;
}

/** Moves when the way in which base images are made does. */
const recipe = '4';

/** The npm whose files make `npm` in node:24-slim; the one that Node 24 comes with. */
const npmVersion = '11.21.2';

const busybox: BaseImage = {
  name: 'library/busybox:1.36',
  packages: ['busybox-static'],
  async context(_lab, folder) {
    await cp('/usr/bin/busybox', join(folder, 'busybox'));
    writeFileSync(
      join(folder, 'Dockerfile'),
      [
        'FROM scratch',
        'COPY busybox /bin/busybox',
        'RUN ["/bin/busybox", "--install", "/bin"]',
        'RUN mkdir -p /tmp /root && chmod 1777 /tmp',
        'CMD ["sh"]',
      ].join('\n'),
    );
  },
};

const debian: BaseImage = {
  name: 'library/debian:bookworm-slim',
  packages: ['debootstrap'],
  async context(lab, folder, settings) {
    const rootfs = join(folder, 'rootfs');
    const started = performance.now();
    const mirror = await debianMirror();
    await command('debootstrap', [
      '--variant=minbase',
      '--include=ca-certificates',
      'bookworm',
      rootfs,
      ...(mirror === undefined ? [] : [mirror]),
    ]);
    for (const path of [
      'var/cache/apt',
      'var/lib/apt/lists',
      'var/log',
      'usr/share/doc',
      'usr/share/locale',
    ]) {
      await rm(join(rootfs, path), { recursive: true, force: true });
      await mkdir(join(rootfs, path), { recursive: true });
    }
    await mkdir(join(rootfs, 'var/cache/apt/archives/partial'), { recursive: true });
    await writeSettings(rootfs, settings);
    lab.log.info(`debian:bookworm-slim: debootstrap took ${seconds(started)} s`);
    // Docker's ADD unpacks an archive with owners and modes; COPY of a folder would lose devices.
    await command('tar', ['--numeric-owner', '-C', rootfs, '-cf', join(folder, 'rootfs.tar'), '.']);
    await rm(rootfs, { recursive: true });
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nADD rootfs.tar /\nCMD ["bash"]\n');
  },
};

const node: BaseImage = {
  name: 'library/node:24-slim',
  packages: [],
  from: debian,
  async context(_lab, folder) {
    const root = join(import.meta.dirname, '../../..');
    await cp(process.execPath, join(folder, 'node'));
    await command('npm', ['pack', `npm@${npmVersion}`, '--silent', '--pack-destination', folder], {
      cwd: root,
    });
    writeFileSync(
      join(folder, 'Dockerfile'),
      [
        'FROM debian:bookworm-slim',
        'COPY node /usr/local/bin/node',
        `ADD npm-${npmVersion}.tgz /usr/local/lib/node_modules/`,
        'RUN mv /usr/local/lib/node_modules/package /usr/local/lib/node_modules/npm \\',
        ' && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\',
        ' && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \\',
        ' && ln -s node /usr/local/bin/nodejs \\',
        // npm reads this one whatever prefix it is given.
        ' && cp /usr/local/etc/npmrc /usr/local/lib/node_modules/npm/npmrc',
        'CMD ["node"]',
      ].join('\n'),
    );
  },
};

/** A distribution that gets no more fixes, as Trivy's own table knows. */
const endOfLife: BaseImage = {
  name: 'lab/end-of-life:1',
  packages: [],
  from: busybox,
  async context(_lab, folder) {
    writeFileSync(
      join(folder, 'os-release'),
      'PRETTY_NAME="Debian GNU/Linux 9 (stretch)"\nNAME="Debian GNU/Linux"\nVERSION_ID="9"\nID=debian\n',
    );
    writeFileSync(join(folder, 'debian_version'), '9.13\n');
    writeFileSync(
      join(folder, 'status'),
      'Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 4.4-5\nMaintainer: none\nDescription: a shell\n\n',
    );
    writeFileSync(
      join(folder, 'Dockerfile'),
      [
        'FROM busybox:1.36',
        'COPY os-release /etc/os-release',
        'COPY debian_version /etc/debian_version',
        'COPY status /var/lib/dpkg/status',
      ].join('\n'),
    );
  },
};

export const baseImages: Part = {
  name: 'base-images',
  about: 'debian:bookworm-slim, node:24-slim, busybox:1.36 as Docker Hub would give them',
  needs: ['registry', 'buildkit'],
  programs: [],
  async start(lab) {
    const settings = await machineSettings();
    await Promise.all([
      provide(lab, busybox, settings).then(() => provide(lab, endOfLife, settings)),
      provide(lab, debian, settings).then(() => provide(lab, node, settings)),
    ]);
  },
  // They stay in the registry's storage.
  async stop() {},
  answers: () => isServed(node),
};

async function provide(lab: LabContext, image: BaseImage, settings: Settings): Promise<void> {
  const stamp = join(lab.cacheDir, `${image.name.replace(/\W/g, '-')}.stamp`);
  const key = keyOf(image, settings);
  const made = existsSync(stamp) && readFileSync(stamp, 'utf8') === key;
  if (made && (await isServed(image))) return;
  const started = performance.now();
  await needPackages(image.packages, lab.log);
  lab.log.info(`${image.name}: making it`);
  const folder = await mkdtemp(join(lab.cacheDir, 'image-'));
  try {
    await image.context(lab, folder, settings);
    await build(lab, { context: folder, tag: `${addresses.registry}/${image.name}` });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  writeFileSync(stamp, key);
  lab.log.info(`${image.name}: made in ${seconds(started)} s`);
}

/** What an image is made of; another key means that it has to be made anew. */
function keyOf({ context, from }: BaseImage, settings: Settings): string {
  const parts = from === undefined ? JSON.stringify(settings) : keyOf(from, settings);
  return createHash('sha256')
    .update([recipe, context.toString(), process.version, parts].join('\n'))
    .digest('hex');
}

function isServed({ name }: BaseImage): Promise<boolean> {
  const [repository = '', tag = ''] = name.split(':');
  return answersHttp(`http://${addresses.registry}/v2/${repository}/manifests/${tag}`, {
    accept: 'application/vnd.oci.image.manifest.v1+json',
  });
}

/** Where this machine itself takes Debian's packages from; `undefined` for debootstrap's own default. */
async function debianMirror(): Promise<string | undefined> {
  const lines = await command(
    'apt-get',
    ['indextargets', '--format', '$(SITE)', 'Identifier: Packages'],
    {
      allowFailure: true,
    },
  );
  return lines.split('\n').find((site) => /debian\/?$/.test(site) && !site.includes('security'));
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
