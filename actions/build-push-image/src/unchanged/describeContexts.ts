import { isAbsolute, resolve } from 'node:path';
import { listContext } from '../../../../shared/context/listContext.ts';
import { readIgnoreRules } from '../../../../shared/context/readIgnoreRules.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { hashContext } from './hashContext.ts';
import { resolveImages } from './resolveImages.ts';
import { Undecided } from './Undecided.ts';

/** By what a place that BuildKit fetches itself is told from a folder. */
const address = /^(?:https?|git|ssh):\/\/|^github\.com\/|^[\w.-]+@[\w.-]+:/;

/** Whether BuildKit fetches a context itself. */
export function isRemote(context: string): boolean {
  return address.test(context);
}

/**
 * The named build contexts with the paths of folders made absolute, as buildx sees them from the
 * workspace; all else is as it was written.
 */
export function absoluteContexts(
  contexts: Readonly<Record<string, string>>,
  workspace: string,
): Readonly<Record<string, string>> {
  const absolute = (value: string) => (isFolder(value) ? resolve(workspace, value) : value);
  return Object.fromEntries(
    Object.entries(contexts).map(([name, value]) => [name, absolute(value)]),
  );
}

function isFolder(value: string): boolean {
  return !/^[\w-]+:/.test(value) && !isRemote(value);
}

/**
 * The content of each named build context as a text that changes with it: a folder's hash, an
 * image's digest, a full commit.
 *
 * @throws {Undecided} when one is not pinned to its content
 */
export async function describeContexts(
  contexts: Readonly<Record<string, string>>,
  registry: Pick<RegistryClient, 'digest'>,
  signal?: AbortSignal,
): Promise<readonly (readonly [name: string, content: string])[]> {
  const described = Object.entries(contexts).map(
    async ([name, value]) => [name, await describe(name, value, registry, signal)] as const,
  );
  return (await Promise.all(described)).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function describe(
  name: string,
  value: string,
  registry: Pick<RegistryClient, 'digest'>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const [, image] = /^docker-image:\/\/(.+)$/.exec(value) ?? [];
  if (image !== undefined) {
    const [pinned] = await resolveImages([image], registry);
    return pinned === undefined ? '' : formatReference(pinned);
  }
  const [, layout] = /^oci-layout:\/\/.*@(sha256:[0-9a-f]{64})$/.exec(value) ?? [];
  if (layout !== undefined) return layout;
  if (/#[0-9a-f]{40}(?::|$)/.test(value) && isRemote(value)) return value;
  if (!isFolder(value) || !isAbsolute(value)) {
    throw new Undecided(`the build context ${name} is not pinned to its content`);
  }
  const entries = await listContext(value, await readIgnoreRules(value, undefined), signal);
  return hashContext(value, entries, signal);
}
