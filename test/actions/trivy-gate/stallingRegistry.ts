import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addresses } from '../../lab/addresses.ts';

/** A registry that gives manifests and configurations, and keeps who wants a layer waiting. */
export interface StallingRegistry {
  readonly host: string;
  /** Resolves when somebody waits for a layer. */
  readonly waiting: Promise<void>;
  close(): void;
}

/**
 * Stands before the lab's registry.
 *
 * @param reference whose layer does not come
 */
export async function stallingRegistry(reference: string): Promise<StallingRegistry> {
  const [name = '', digest = ''] = reference.slice(addresses.registry.length + 1).split('@');
  const upstream = `http://${addresses.registry}`;
  const manifest = (await (
    await fetch(`${upstream}/v2/${name}/manifests/${digest}`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    })
  ).json()) as { layers: { digest: string }[] };
  let tell = () => {};
  const waiting = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = createServer(async (request, response) => {
    if (manifest.layers.some((layer) => request.url?.endsWith(layer.digest))) {
      tell();
      return;
    }
    const answer = await fetch(`${upstream}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { accept: request.headers.accept ?? '*/*' },
    });
    const headers = ['content-type', 'content-length', 'docker-content-digest'];
    for (const header of headers) {
      const value = answer.headers.get(header);
      if (value !== null) response.setHeader(header, value);
    }
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    waiting,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
