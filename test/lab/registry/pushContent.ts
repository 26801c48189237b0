import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

/**
 * Pushes a blob to a registry without login (OCI distribution specification, "Pushing").
 *
 * @throws {Error} with the registry's answer; so does {@link pushManifest}
 */
export async function pushBlob(
  base: string,
  repository: string,
  content: Uint8Array,
): Promise<{ readonly digest: string; readonly size: number }> {
  const begun = await send(`${base}/v2/${repository}/blobs/uploads/`, 'POST', 202);
  const location = new URL(begun.headers.get('location') ?? '', base);
  location.searchParams.set('digest', digestOf(content));
  await send(location.href, 'PUT', 201, content, { 'content-type': 'application/octet-stream' });
  return { digest: digestOf(content), size: content.length };
}

/** Pushes a manifest under a tag, or under its digest alone; gives its digest. */
export async function pushManifest(
  base: string,
  repository: string,
  tag: string | undefined,
  manifest: { readonly mediaType: string; readonly [field: string]: unknown },
): Promise<string> {
  const content = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(content);
  await send(`${base}/v2/${repository}/manifests/${tag ?? digest}`, 'PUT', 201, content, {
    'content-type': manifest.mediaType,
  });
  return digest;
}

/** The digest by which registries name content. */
export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function send(
  url: string,
  method: string,
  expected: number,
  body?: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers,
    ...(body && { body: new Uint8Array(body) }),
  });
  if (response.status === expected) return response;
  throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
}
