import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addresses } from '../../lab/addresses.ts';

/** A registry that stands before the lab's own and gives what that one has, or something else. */
export interface RegistryInFront {
  readonly host: string;
  close(): void;
}

/** Takes the request by giving `true`; otherwise the lab's registry answers it. */
export type Takes = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Starts a registry of which a test decides what goes wrong. */
export async function registryInFront(takes: Takes): Promise<RegistryInFront> {
  const server = createServer(async (request, response) => {
    if (takes(request, response)) return;
    const answer = await fetch(`http://${addresses.registry}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { accept: request.headers.accept ?? '*/*' },
    });
    for (const header of ['content-type', 'content-length', 'docker-content-digest']) {
      const value = answer.headers.get(header);
      if (value !== null) response.setHeader(header, value);
    }
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The same content by another registry's name. */
export function at({ host }: RegistryInFront, reference: string): string {
  return `${host}${reference.slice(reference.indexOf('/'))}`;
}
