import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTcpFaults, type TcpFault } from './tcpFaults.ts';

const text = 'x'.repeat(20_000);
let server: Server;
let target: string;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

/** How many bytes came, how it ended, and after how long. */
function read(address: string): Promise<{ bytes: number; end: string; ms: number }> {
  const [host = '', port = ''] = address.split(':');
  const started = performance.now();
  return new Promise((resolve) => {
    let bytes = 0;
    const finish = (end: string) => {
      resolve({ bytes, end, ms: performance.now() - started });
      socket.destroy();
    };
    const socket = connect(Number(port), host);
    socket.setTimeout(700, () => finish('timeout'));
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes === text.length) finish('all');
    });
    socket.on('end', () => finish('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? ''));
  });
}

describe('TCP faults', () => {
  it.each<[TcpFault, { bytes: number; end: string; atLeastMs: number }]>([
    [
      { type: 'latency', attributes: { latency: 200, jitter: 0 } },
      { bytes: 20_000, end: 'all', atLeastMs: 200 },
    ],
    [
      { type: 'bandwidth', attributes: { rate: 50 } },
      { bytes: 20_000, end: 'all', atLeastMs: 300 },
    ],
    [
      { type: 'reset_peer', attributes: { timeout: 0 } },
      { bytes: 0, end: 'ECONNRESET', atLeastMs: 0 },
    ],
    [
      { type: 'timeout', attributes: { timeout: 0 } },
      { bytes: 0, end: 'timeout', atLeastMs: 690 },
    ],
    [
      { type: 'limit_data', attributes: { bytes: 1234 } },
      { bytes: 1234, end: 'end', atLeastMs: 0 },
    ],
  ])('%j, until it is removed', async (fault, expected) => {
    await using proxy = await startTcpFaults(target);
    expect(await read(proxy.address)).toMatchObject({ bytes: 20_000, end: 'all' });

    const remove = await proxy.add(fault);
    const { bytes, end, ms } = await read(proxy.address);
    expect({ bytes, end }).toEqual({ bytes: expected.bytes, end: expected.end });
    expect(ms).toBeGreaterThanOrEqual(expected.atLeastMs);

    await remove();
    expect(await read(proxy.address)).toMatchObject({ bytes: 20_000, end: 'all' });
  });

  it('goes down and comes back at the same address', async () => {
    await using proxy = await startTcpFaults(target);
    await proxy.goDown();
    expect(await read(proxy.address)).toMatchObject({ end: 'ECONNREFUSED' });
    await proxy.comeBack();
    expect(await read(proxy.address)).toMatchObject({ bytes: 20_000 });
  });
});
