import { randomUUID } from 'node:crypto';
import { Toxiproxy } from 'toxiproxy-node-client';
import { addresses } from '../addresses.ts';

/** What goes wrong below HTTP. Times in milliseconds. */
export type TcpFault =
  /** Everything comes later. */
  | { readonly type: 'latency'; readonly attributes: { latency: number; jitter: number } }
  /** Kilobytes a second. */
  | { readonly type: 'bandwidth'; readonly attributes: { rate: number } }
  /** Reset (RST) after that time; 0 is at once. */
  | { readonly type: 'reset_peer'; readonly attributes: { timeout: number } }
  /** Nothing passes; closed after that time, or never with 0. */
  | { readonly type: 'timeout'; readonly attributes: { timeout: number } }
  /** Closed when so many bytes have passed. */
  | { readonly type: 'limit_data'; readonly attributes: { bytes: number } }
  | { readonly type: 'slow_close'; readonly attributes: { delay: number } };

/** A TCP proxy of a test's own. */
export interface TcpFaults extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /**
   * Lets a fault befall all connections until it is removed.
   *
   * @param stream `downstream` is what the server sends (default), `upstream` what the client sends
   * @returns a function that removes it
   */
  add(fault: TcpFault, stream?: 'downstream' | 'upstream'): Promise<() => Promise<void>>;
  /** Refuses connections, and closes those that are open, until `comeBack`. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

/** Puts a proxy of the lab's toxiproxy before `target` (`host:port`). */
export async function startTcpFaults(target: string): Promise<TcpFaults> {
  const server = new Toxiproxy(`http://${addresses.toxiproxy}`);
  const proxy = await server.createProxy({
    name: randomUUID(),
    listen: '127.0.0.1:0',
    upstream: target,
  });
  const address = proxy.listen;
  const enable = (enabled: boolean) =>
    proxy.update({ enabled, listen: address, upstream: target }).then(() => {});
  return {
    address,
    async add({ type, attributes }, stream = 'downstream') {
      const toxic = await proxy.addToxic({
        name: randomUUID(),
        type,
        stream,
        toxicity: 1,
        attributes,
      });
      return () => toxic.remove();
    },
    goDown: () => enable(false),
    comeBack: () => enable(true),
    [Symbol.asyncDispose]: () => proxy.remove(),
  };
}
