import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure/Failure.ts';
import { childEnvironment } from '../process/childEnvironment.ts';
import { type Run, run } from '../process/run.ts';

/** What a registry is told. An identity token is what `docker login` keeps for ACR and others. */
export type Credential =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/** The part of a docker configuration that is about logins. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, { auth?: string; identitytoken?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** Docker Hub's entry in a docker configuration is an address of its first registry. */
const dockerHub = 'https://index.docker.io/v1/';

/**
 * The credential that an earlier `docker login` left for a registry, from the docker configuration
 * of the environment (`DOCKER_AUTH_CONFIG`, `DOCKER_CONFIG`, else `~/.docker`) or its credential
 * helper.
 *
 * @throws {Failure} when the configuration is not JSON
 */
export async function credentialFor(
  registry: string,
  env: Readonly<Record<string, string | undefined>>,
  runProgram: Run = run,
): Promise<Credential | undefined> {
  const config = await readDockerConfig(dockerFolder(env));
  const key = registry === 'docker.io' ? dockerHub : registry;
  const helper = config.credHelpers?.[key] ?? config.credsStore;
  const stored =
    storedFor(key, authsOfVariable(env.DOCKER_AUTH_CONFIG)) ?? storedFor(key, config.auths ?? {});
  if (stored?.identitytoken) return { identityToken: stored.identitytoken };
  if (stored?.auth) return fromAuth(stored.auth);
  return helper === undefined ? undefined : askHelper(helper, key, env, runProgram);
}

/** Where the docker configuration of an environment is. */
export function dockerFolder(env: Readonly<Record<string, string | undefined>>): string {
  return env.DOCKER_CONFIG || join(env.HOME ?? homedir(), '.docker');
}

/** @throws {Failure} when it is not JSON; one that is not there is empty */
export async function readDockerConfig(folder: string): Promise<DockerConfig> {
  const path = join(folder, 'config.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return {};
  }
  try {
    return asObject(JSON.parse(text)) as DockerConfig;
  } catch (error) {
    throw new Failure({
      what: `The docker configuration ${path} is not JSON.`,
      why: error instanceof Error ? error.message : undefined,
      remedy: 'Log in to the registry again, or remove the file.',
    });
  }
}

/** Docker's client reads logins from a variable, too, before those of the file (since version 28.3). */
function authsOfVariable(text: string | undefined): NonNullable<DockerConfig['auths']> {
  if (text === undefined || text === '') return {};
  try {
    return (asObject(JSON.parse(text)) as DockerConfig).auths ?? {};
  } catch {
    // Its text may be a secret, and docker itself goes on without it.
    return {};
  }
}

/** Some tools log in to an address (`https://ghcr.io/v2/`); docker finds such an entry by its host. */
function storedFor(key: string, auths: NonNullable<DockerConfig['auths']>) {
  const hostOf = (address: string) => address.replace(/^https?:\/\//, '').split('/')[0];
  const exact = auths[key];
  if (exact !== undefined || key === dockerHub) return exact;
  return Object.entries(auths).find(([address]) => hostOf(address) === key)?.[1];
}

function fromAuth(auth: string): Credential | undefined {
  const [username = '', ...password] = Buffer.from(auth, 'base64').toString('utf8').split(':');
  return password.length === 0 ? undefined : { username, password: password.join(':') };
}

/** Asks `docker-credential-<helper>` (the protocol of docker/docker-credential-helpers). */
async function askHelper(
  helper: string,
  key: string,
  env: Readonly<Record<string, string | undefined>>,
  runProgram: Run,
): Promise<Credential | undefined> {
  const outcome = await runProgram({
    program: `docker-credential-${helper}`,
    args: ['get'],
    input: key,
    stdout: 'machine',
    env: childEnvironment(env, { DOCKER_CONFIG: env.DOCKER_CONFIG }),
    deadlineMs: 30_000,
  });
  if (outcome.exitCode !== 0) return undefined;
  const { Username, Secret } = readAnswer(helper, outcome.stdout);
  return Username === '<token>'
    ? { identityToken: Secret }
    : { username: Username, password: Secret };
}

/** @throws {Failure} which quotes nothing of it: it may hold the secret */
function readAnswer(helper: string, stdout: string): { Username: string; Secret: string } {
  try {
    const { Username, Secret } = asObject(JSON.parse(stdout));
    if (typeof Username === 'string' && typeof Secret === 'string') return { Username, Secret };
  } catch {
    // Told below, whatever it was.
  }
  throw new Failure({
    what: `The credential helper docker-credential-${helper} gave no answer that can be read.`,
    why: 'What it printed is not JSON with `Username` and `Secret`.',
    remedy: 'Mend or update it, or log in to the registry in an earlier step without it.',
  });
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new SyntaxError('It is not an object');
}
