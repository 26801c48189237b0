import { oneLine } from '../log/oneLine.ts';
import type { Question, Reply } from './credentialHelper.ts';
import type { Credential } from './credentials.ts';

/** Docker tells "no login" from an error by this text alone (docker/docker-credential-helpers). */
const notFound = 'credentials not found in native keychain';

/** Under this name an identity token stands in place of a password. */
const tokenUser = '<token>';

export interface Keychain {
  readonly credentialFor: (registry: string) => Promise<Credential | undefined>;
  /** The registries that a credential is known for. */
  readonly registries: () => Promise<readonly string[]>;
}

/** Answers a question in the protocol of docker's credential helpers. Never throws. */
export async function answerHelper(question: Question, keychain: Keychain): Promise<Reply> {
  try {
    if (question.action === 'get') return await get(question.input.trim(), keychain);
    if (question.action === 'list') {
      const known = await keychain.registries();
      return json(Object.fromEntries(known.map((registry) => [registry, ''])));
    }
    return failed('The login of this step can be neither changed nor removed.');
  } catch (error) {
    return failed(oneLine((error as Error).message, 1000));
  }
}

async function get(server: string, { credentialFor }: Keychain): Promise<Reply> {
  const credential = await credentialFor(registryOf(server));
  if (credential === undefined) return failed(notFound);
  return json(
    'identityToken' in credential
      ? { ServerURL: server, Username: tokenUser, Secret: credential.identityToken }
      : { ServerURL: server, Username: credential.username, Secret: credential.password },
  );
}

/** Docker Hub goes by the address of its first registry, others by their host. */
export function registryOf(server: string): string {
  const host = server.replace(/^https?:\/\//, '').split('/')[0] ?? '';
  return ['index.docker.io', 'registry-1.docker.io'].includes(host) ? 'docker.io' : host;
}

function json(value: object): Reply {
  return { exitCode: 0, stdout: JSON.stringify(value) };
}

function failed(message: string): Reply {
  return { exitCode: 1, stdout: message };
}
