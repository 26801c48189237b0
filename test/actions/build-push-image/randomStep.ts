import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { addresses } from '../../lab/addresses.ts';
import type { StepResult } from '../startAction.ts';

interface Fields {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
}

/** A Dockerfile whose RUN step prints and keeps another value each time that it really runs. */
export function randomDockerfile(): string {
  const own = randomBytes(8).toString('hex');
  return [
    `FROM ${addresses.registry}/library/busybox:1.36`,
    `RUN echo ${own} && r=$(cat /proc/sys/kernel/random/uuid) && echo "ran $r" | tee /random`,
    '',
  ].join('\n');
}

/** The values that RUN steps printed: one each time that the step ran. */
export function valuesOf({ log }: StepResult): string[] {
  return [...log.matchAll(/\bran ([0-9a-f-]{36})/g)].map(([, value = '']) => value);
}

/** Whether the registry has all of an image (its index, manifests and blobs), and a layer with this text. */
export async function holds(image: string, digest: string, text: string): Promise<boolean> {
  const root = await fields(image, digest);
  const below = await Promise.all((root.manifests ?? []).map((one) => fields(image, one.digest)));
  let found = false;
  for (const { config, layers = [] } of [root, ...below]) {
    for (const blob of [...(config ? [config] : []), ...layers]) {
      const bytes = await content(image, `blobs/${blob.digest}`);
      const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
      found ||= (isZipped ? gunzipSync(bytes) : bytes).includes(text);
    }
  }
  return found;
}

async function fields(image: string, digest: string): Promise<Fields> {
  return JSON.parse((await content(image, `manifests/${digest}`)).toString()) as Fields;
}

/** Past any proxy: what the lab's registry really has. */
export async function content(image: string, path: string): Promise<Buffer> {
  const repository = image.split('/').slice(1).join('/');
  const response = await fetch(`http://${addresses.registry}/v2/${repository}/${path}`, {
    headers: {
      accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json',
    },
  });
  if (!response.ok) throw new Error(`${path} of ${image} is not there: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
