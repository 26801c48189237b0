import { setTimeout as timer } from 'node:timers/promises';
import { Failure } from '../failure/Failure.ts';
import type { Http, HttpResponse } from '../http/request.ts';
import type { Credential } from '../oci/credentials.ts';
import type { PinnedReference } from '../oci/Reference.ts';
import { armClient } from './tasks/armClient.ts';
import { explainArmError } from './tasks/explainArmError.ts';
import { resourceId, type TaskRegistry } from './tasks/TaskRegistry.ts';

/** Stable, and one in which every cloud has it. */
const apiVersion = '2023-07-01';

/** The name that goes with a refresh token of ACR's wherever a user name is asked for. */
const tokenUser = '00000000-0000-0000-0000-000000000000';

export interface ImportOptions {
  /** The registry that gets it. */
  readonly registry: TaskRegistry;
  /** What is copied. */
  readonly image: PinnedReference;
  /** As what it is read: as the source's own resource, or by its host as anybody can. */
  readonly source: TaskRegistry | { readonly credential: Credential | undefined };
  /** The repository that gets it; it gets no tag. */
  readonly repository: string;
  /** Gives a token for ARM that is good now. */
  readonly token: () => Promise<string>;
  readonly http: Http;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
  /** Between two looks, where Azure does not say. */
  readonly pace?: { readonly firstMs: number; readonly mostMs: number };
}

const usualPace = { firstMs: 1000, mostMs: 10_000 };
const doing = 'copy an image into the registry';

/**
 * Has a registry of Azure copy an image by its digest, platforms included, from another one; nothing
 * comes through this runner. What is attached to it stays behind. It gets no tag, so that nobody takes
 * it for complete before it is. Asking twice changes nothing.
 *
 * @throws {Failure} when ARM refuses, or the time is over
 */
export async function importImage(options: ImportOptions): Promise<void> {
  const { registry, http, token, signal, deadlineMs = 30 * 60_000, pace = usualPace } = options;
  const arm = armClient({ registry, http, token, signal });
  const until = Date.now() + deadlineMs;
  let response = await arm.send({
    ...{ path: 'importImage', body: importRequest(options), apiVersion, repeatable: true, doing },
  });
  for (let waitMs = pace.firstMs; ; waitMs = Math.min(waitMs * 1.5, pace.mostMs)) {
    if (response.status >= 400) throw explainArmError(doing, registry, response);
    if (response.status !== 202) return;
    const address = placeOf(response, registry);
    const pauseMs = secondsOf(response) ?? waitMs;
    if (Date.now() + pauseMs > until) throw tooSlow(registry, deadlineMs);
    await timer(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    response = await arm.send({ address, method: 'GET', repeatable: true, doing });
  }
}

/** The body of `importImage`. */
export function importRequest({
  image,
  source,
  repository,
}: Pick<ImportOptions, 'image' | 'source' | 'repository'>): Record<string, unknown> {
  return {
    source: {
      sourceImage: `${image.repository}@${image.digest}`,
      ...('name' in source
        ? { resourceId: resourceId(source) }
        : { registryUri: image.registry, ...credentialsOf(source.credential) }),
    },
    targetTags: [],
    untaggedTargetRepositories: [repository],
    mode: 'NoForce',
  };
}

function credentialsOf(credential: Credential | undefined): Record<string, unknown> {
  if (credential === undefined) return {};
  if ('username' in credential) return { credentials: { ...credential } };
  return { credentials: { username: tokenUser, password: credential.identityToken } };
}

/** Our token goes with the next request, so that it only goes to ARM. */
function placeOf({ headers }: HttpResponse, { arm }: TaskRegistry): string {
  const given = URL.parse(String(headers.location ?? ''));
  if (given !== null && given.origin === new URL(arm).origin) return given.href;
  throw new Failure({
    what: `${new URL(arm).host} does not tell where it can be asked how the copy goes.`,
    remedy: 'A proxy between this runner and Azure may change answers; go round it.',
  });
}

function secondsOf({ headers }: HttpResponse): number | undefined {
  const value = String(headers['retry-after'] ?? '');
  return /^\d+$/.test(value) ? Number(value) * 1000 : undefined;
}

function tooSlow({ name }: TaskRegistry, deadlineMs: number): Failure {
  return new Failure({
    what: `The registry ${name} had not copied the image after ${Math.round(deadlineMs / 60_000)} minutes.`,
    remedy: 'Run the job again: what is copied by then is found.',
  });
}
