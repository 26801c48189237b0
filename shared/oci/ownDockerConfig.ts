import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Keychain } from './answerHelper.ts';
import { credentialHelper, helperName } from './credentialHelper.ts';
import { dockerFolder, readDockerConfig } from './credentials.ts';
import { serveCredentials } from './serveCredentials.ts';

/** The kernel keeps paths of sockets in 108 bytes (104 on macOS). */
const longestSocketPath = 100;

/** Written anew in each folder: the configuration itself, and what BuildKit's client keys its tokens with. */
const ownEntries = ['config.json', '.token_seed', '.token_seed.lock'];

export interface OwnDockerConfig extends AsyncDisposable {
  /** What a child needs besides its other variables to use it. */
  readonly env: {
    readonly DOCKER_CONFIG: string;
    readonly BUILDX_CONFIG: string;
    readonly PATH: string;
  };
}

/**
 * A docker configuration of the step's own: all logins are asked from `keychain` at the moment they
 * are needed, so that none is ever in a file, and everything else is as in the configuration of
 * the environment, by reference: proxies, plug-ins, contexts and the builders of buildx. That one
 * is only read, so that two jobs of one machine do not log each other out.
 *
 * @param parent a folder of the step's own
 */
export async function ownDockerConfig(
  parent: string,
  env: Readonly<Record<string, string | undefined>>,
  keychain: Keychain,
): Promise<OwnDockerConfig> {
  const original = resolve(dockerFolder(env));
  const home = await mkdtemp(join(parent, 'docker-'));
  const folder = join(home, 'config');
  const programs = join(home, 'bin');
  await mkdir(folder, { mode: 0o700 });
  await mkdir(programs, { mode: 0o700 });
  await linkEntries(original, folder);

  const { auths: _, credHelpers: __, credsStore: ___, ...rest } = await readDockerConfig(original);
  const config = { ...rest, auths: {}, credsStore: helperName };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });

  const socketFolder = await shortFolder(home);
  const socket = join(socketFolder, 's');
  const server = await serveCredentials(socket, keychain);
  await writeFile(
    join(programs, `docker-credential-${helperName}`),
    credentialHelper(process.execPath, socket),
    { mode: 0o700 },
  );
  return {
    env: {
      DOCKER_CONFIG: folder,
      BUILDX_CONFIG: env.BUILDX_CONFIG || join(original, 'buildx'),
      PATH: [programs, env.PATH].filter(Boolean).join(delimiter),
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(socketFolder, { recursive: true, force: true });
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function linkEntries(original: string, folder: string): Promise<void> {
  const entries = await readdir(original).catch(() => []);
  await Promise.all(
    entries
      .filter((name) => !ownEntries.includes(name))
      .map((name) => symlink(join(original, name), join(folder, name))),
  );
}

/** A folder for the socket: this one where its path is short enough, else one of the machine's. */
async function shortFolder(folder: string): Promise<string> {
  if (Buffer.byteLength(join(folder, 's')) <= longestSocketPath) return folder;
  const short = await mkdtemp(join(tmpdir(), 'pa-'));
  // The step's own folder goes with the step, also when it fails; this one has to be told to.
  process.once('exit', () => rmSync(short, { recursive: true, force: true }));
  return short;
}
