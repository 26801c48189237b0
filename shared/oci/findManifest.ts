import { Failure } from '../failure/Failure.ts';
import type { HttpResponse } from '../http/request.ts';
import { oneLine } from '../log/oneLine.ts';
import { explainDenial } from './explainDenial.ts';
import { type Manifest, manifestTypes } from './Manifest.ts';
import { asPassing, isPassingAnswer } from './Passing.ts';
import { digestOf } from './putManifest.ts';
import { type Digest, formatReference, parseDigest, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import type { Access, ReadOptions } from './RegistryRequest.ts';

type Client = Pick<RegistryClient, 'send' | 'isSignedIn'>;

/**
 * Fetches a manifest and checks that its content has the digest that was asked for.
 *
 * @returns `undefined` when the registry has none of that name
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function findManifest(
  client: Client,
  reference: Reference,
  options: ReadOptions,
): Promise<Manifest | undefined> {
  const response = await ask(client, reference, options, 'GET');
  if (response.status === 404) return undefined;
  if (response.status === 200) return readManifest(reference, response);
  throw denial(client, reference, response, options.access);
}

/** As {@link findManifest}; that there is none is a failure, too. */
export async function fetchManifest(
  client: Client,
  reference: Reference,
  options: ReadOptions,
): Promise<Manifest> {
  const response = await ask(client, reference, options, 'GET');
  if (response.status === 200) return readManifest(reference, response);
  throw denial(client, reference, response, options.access);
}

/**
 * What a tag names now, without fetching it: Docker Hub does not count this as a pull.
 *
 * @returns `undefined` when the registry has nothing of that name
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function findDigest(
  client: Client,
  reference: Reference,
  options: ReadOptions,
): Promise<Digest | undefined> {
  const response = await ask(client, reference, options, 'HEAD');
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw denial(client, reference, response, options.access);
  const told = String(response.headers['docker-content-digest'] ?? '');
  // Some registries leave it out.
  return told === ''
    ? (await fetchManifest(client, reference, options)).digest
    : toldDigest(reference, told);
}

function ask(
  client: Client,
  reference: Reference,
  options: ReadOptions,
  method: 'GET' | 'HEAD',
): Promise<HttpResponse> {
  const target = reference.digest ?? reference.tag ?? 'latest';
  const headers = { accept: manifestTypes.join(', ') };
  return client.send(reference, { ...options, method, path: `manifests/${target}`, headers });
}

function denial(
  client: Client,
  reference: Reference,
  response: HttpResponse,
  access: Access = 'pull',
): Failure {
  const explained = explainDenial(reference, response, client.isSignedIn(reference), access);
  return isPassingAnswer(response) ? asPassing(explained, response) : explained;
}

function toldDigest(reference: Reference, told: string): Digest {
  try {
    return parseDigest(told);
  } catch (error) {
    throw new Failure({
      what: `${reference.registry} gave no digest of ${formatReference(reference)} that can be read.`,
      why: `It says ${JSON.stringify(oneLine(told))}.`,
      remedy: 'Check that this is a registry, and that no proxy changes its answers.',
      cause: error,
    });
  }
}

function readManifest(reference: Reference, { body, headers }: HttpResponse): Manifest {
  const digest = digestOf(body);
  if (reference.digest?.startsWith('sha256:') && digest !== reference.digest) {
    throw new Failure({
      what: `${reference.registry} sent another content than ${formatReference(reference)}.`,
      why: `Its digest is ${digest}.`,
      remedy: 'A proxy or cache between this runner and the registry changes answers; go round it.',
    });
  }
  const mediaType = String(headers['content-type'] ?? '').split(';')[0] ?? '';
  return { digest: reference.digest ?? digest, mediaType, bytes: body };
}
